package dev.mekiki.encoding.align;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mekiki.encoding.landmark.LandmarkDetector;
import dev.mekiki.encoding.opencv.Mats;
import dev.mekiki.hashing.landmark.AffineMap;
import dev.mekiki.hashing.landmark.Frame;
import dev.mekiki.hashing.landmark.LandmarkCandidate;
import dev.mekiki.hashing.landmark.LandmarkIndex;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.opencv.core.CvType;
import org.opencv.core.Mat;
import org.opencv.core.Point;
import org.opencv.core.Rect;
import org.opencv.core.Scalar;
import org.opencv.imgproc.Imgproc;

/// Pictures that have much in common and are no copies of each other: of each kind 25, each looked
/// up among the others and laid over all that its landmarks propose.
@EnabledIfSystemProperty(
    named = "mekiki.tests.long",
    matches = "true",
    disabledReason = "takes half a minute; run with -Dmekiki.tests.long=true")
class NegativesTest {
  private static final int WIDTH = 240;
  private static final int HEIGHT = 180;
  private static final int PICTURES = 25;

  /// What the pictures share.
  enum Shared {
    CAPTION(0),
    LOGO(1),
    FRAME(2),
    TEMPLATE(3),
    BLACK_BARS(4),
    BACKGROUND(5),
    STRIPES(6),
    TILES(7),
    TEXT(8);

    private final int seed;

    Shared(int seed) {
      this.seed = seed;
    }

    Mat draw(int number) {
      SplittableRandom random = new SplittableRandom(1000L * seed + number);
      return switch (this) {
        case CAPTION -> caption(Scenes.scene(number, WIDTH, HEIGHT));
        case LOGO -> logo(Scenes.scene(100 + number, WIDTH, HEIGHT));
        case FRAME -> frame(Scenes.scene(200 + number, WIDTH, HEIGHT));
        case TEMPLATE -> template(number, random);
        case BLACK_BARS -> blackBars(Scenes.scene(300 + number, WIDTH, HEIGHT));
        case BACKGROUND -> background(number);
        case STRIPES -> stripes(random);
        case TILES -> tiles(random);
        case TEXT -> text(random);
      };
    }
  }

  @ParameterizedTest
  @EnumSource(Shared.class)
  void picturesThatShareAnElementAreNoCopies(Shared shared) {
    Aligner aligner = new Aligner();
    List<Mat> pictures = new ArrayList<>();
    List<LandmarkDetector.Found> landmarks = new ArrayList<>();
    LandmarkIndex index = new LandmarkIndex();
    try (LandmarkDetector detector = new LandmarkDetector();
        Mats mats = new Mats()) {
      for (int i = 0; i < PICTURES; i++) {
        Mat picture = mats.add(shared.draw(i));
        Mat grey = mats.add();
        Imgproc.cvtColor(picture, grey, Imgproc.COLOR_BGR2GRAY);
        pictures.add(picture);
        landmarks.add(detector.detect(grey));
        assertThat(index.add(landmarks.getLast().stored())).isEqualTo(i);
      }
      List<String> wrong = new ArrayList<>();
      int proposed = 0;
      for (int i = 0; i < PICTURES; i++) {
        for (LandmarkCandidate candidate : index.candidates(landmarks.get(i).sought(), 2)) {
          if (candidate.row() == i) {
            continue;
          }
          proposed++;
          Evidence evidence =
              align(aligner, pictures.get(i), pictures.get(candidate.row()), candidate.map());
          // Tiles that all are alike over most of a picture are a copy, for all that anyone can
          // say.
          boolean coversMost =
              evidence.badShare() < 0.36
                  && Math.max(evidence.overlapOfFirst(), evidence.overlapOfSecond()) > 2.0 / 3
                  && evidence.agreeingArea() > 0.5;
          if (evidence.isCopy() && !coversMost) {
            wrong.add("%d and %d: %s".formatted(i, candidate.row(), evidence));
          }
        }
      }
      System.out.printf(
          "%s: %d pairs proposed, %d taken for copies%n", shared, proposed, wrong.size());
      // One of 600 pairs of pages whose words and pictures happen to be alike is.
      assertThat(wrong).hasSizeLessThanOrEqualTo(shared == Shared.TEMPLATE ? 1 : 0);
    }
  }

  private static Evidence align(Aligner aligner, Mat first, Mat second, AffineMap map) {
    double scale = WIDTH / (double) Frame.PICTURE_SIDE;
    AffineMap toFrame = new AffineMap(1 / scale, 0, 0, 0, 1 / scale, 0);
    try (AlignedPicture a = new AlignedPicture(first);
        AlignedPicture b = new AlignedPicture(second)) {
      return aligner.align(a, b, toFrame.then(map).then(toFrame.inverse()));
    }
  }

  /// The same words on a white bar, a fifth of the height.
  private static Mat caption(Mat scene) {
    int top = HEIGHT - HEIGHT / 5;
    Imgproc.rectangle(
        scene, new Point(0, top), new Point(WIDTH, HEIGHT), new Scalar(255, 255, 255), -1);
    write(scene, "WHEN THE BUILD IS GREEN", 8, top + 16, 0.5);
    write(scene, "on the very first try", 40, top + 31, 0.4);
    return scene;
  }

  private static Mat logo(Mat scene) {
    Mat logo = Scenes.scene(-1, 48, 48);
    logo.copyTo(scene.submat(new Rect(WIDTH - 56, HEIGHT - 56, 48, 48)));
    logo.release();
    return scene;
  }

  /// The same patterned frame, an eighth of the width.
  private static Mat frame(Mat scene) {
    Mat framed = Scenes.scene(-2, WIDTH, HEIGHT);
    int border = WIDTH / 12;
    Rect inside = new Rect(border, border, WIDTH - 2 * border, HEIGHT - 2 * border);
    scene.submat(inside).copyTo(framed.submat(inside));
    scene.release();
    return framed;
  }

  /// The same banner and boxes, with another picture and other words.
  private static Mat template(int number, SplittableRandom random) {
    Mat page = new Mat(HEIGHT, WIDTH, CvType.CV_8UC3, new Scalar(250, 250, 250));
    Mat banner = Scenes.scene(-3, WIDTH, 30);
    banner.copyTo(page.submat(new Rect(0, 0, WIDTH, 30)));
    banner.release();
    Mat picture = Scenes.scene(400 + number, 110, 110);
    picture.copyTo(page.submat(new Rect(8, 40, 110, 110)));
    picture.release();
    for (int line = 0; line < 6; line++) {
      write(page, words(random, 9), 126, 52 + 16 * line, 0.35);
    }
    write(page, "Add to basket", 130, 165, 0.45);
    return page;
  }

  private static Mat blackBars(Mat scene) {
    for (int top : new int[] {0, HEIGHT - 30}) {
      Imgproc.rectangle(
          scene, new Point(0, top), new Point(WIDTH, top + 30), new Scalar(0, 0, 0), -1);
    }
    return scene;
  }

  /// The same room, with another thing that covers half of it.
  private static Mat background(int number) {
    Mat room = Scenes.scene(-4, WIDTH, HEIGHT);
    Mat thing = Scenes.scene(500 + number, 160, 140);
    thing.copyTo(room.submat(new Rect(40, 20, 160, 140)));
    thing.release();
    return room;
  }

  private static Mat stripes(SplittableRandom random) {
    Mat cloth = new Mat(HEIGHT, WIDTH, CvType.CV_8UC3, colour(random));
    int period = random.nextInt(8, 24);
    int width = random.nextInt(3, period - 2);
    Scalar colour = colour(random);
    for (int x = 0; x < 2 * WIDTH; x += period) {
      Imgproc.line(
          cloth, new Point(x, 0), new Point(x - random.nextInt(1, 3), HEIGHT), colour, width);
    }
    return cloth;
  }

  private static Mat tiles(SplittableRandom random) {
    Mat wall = new Mat(HEIGHT, WIDTH, CvType.CV_8UC3, colour(random));
    int side = random.nextInt(14, 40);
    Scalar joint = colour(random);
    Scalar dot = colour(random);
    for (int y = 0; y < HEIGHT; y += side) {
      for (int x = 0; x < WIDTH; x += side) {
        Imgproc.rectangle(wall, new Point(x, y), new Point(x + side, y + side), joint, 2);
        Imgproc.circle(wall, new Point(x + side / 2.0, y + side / 2.0), side / 4, dot, -1);
      }
    }
    return wall;
  }

  private static Mat text(SplittableRandom random) {
    Mat page = new Mat(HEIGHT, WIDTH, CvType.CV_8UC3, new Scalar(255, 255, 255));
    for (int line = 0; line < 12; line++) {
      write(page, words(random, 26), 8, 14 + 14 * line, 0.38);
    }
    return page;
  }

  private static String words(SplittableRandom random, int letters) {
    StringBuilder words = new StringBuilder();
    while (words.length() < letters) {
      int length = random.nextInt(2, 8);
      for (int i = 0; i < length; i++) {
        words.append((char) ('a' + random.nextInt(26)));
      }
      words.append(' ');
    }
    return words.substring(0, letters);
  }

  private static void write(Mat page, String text, int x, int y, double size) {
    Imgproc.putText(
        page,
        text,
        new Point(x, y),
        Imgproc.FONT_HERSHEY_SIMPLEX,
        size,
        new Scalar(0, 0, 0),
        1,
        Imgproc.LINE_AA);
  }

  private static Scalar colour(SplittableRandom random) {
    return new Scalar(random.nextInt(256), random.nextInt(256), random.nextInt(256));
  }
}
