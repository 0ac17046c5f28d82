package dev.mekiki.samples;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Pictures with a known truth: originals, one to three edited copies of each, and byte-identical
/// copies of some under other ids. Bytes are made on demand, so that a large folder does not have
/// to fit in memory. Not thread-safe.
public final class SampleSet {
  /// Byte-identical copies in a set that has as many originals.
  public static final int IDENTICAL_COPIES = 20;

  private static final float ORIGINAL_QUALITY = 0.92f;

  private final Originals originals;
  private final List<SamplePicture> pictures;

  // The scene requested last: its copies usually follow at once.
  private int scene = -1;
  private byte[] original = {};
  private @Nullable BufferedImage decoded;

  private SampleSet(Originals originals, List<SamplePicture> pictures) {
    this.originals = originals;
    this.pictures = List.copyOf(pictures);
  }

  /// Scenes drawn by the project itself, the same ones every time.
  ///
  /// @param scenes at least 1
  public static SampleSet drawn(int scenes) {
    if (scenes < 1) {
      throw new IllegalArgumentException("scenes: %d (expected: at least 1)".formatted(scenes));
    }
    List<SamplePicture> pictures = new ArrayList<>();
    for (int scene = 0; scene < scenes; scene++) {
      String directory =
          "scene-%03d-%s/".formatted(scene, new Scene(scene).subject().replace('_', '-'));
      addVariants(pictures, scene, scenes, directory + SamplePicture.ORIGINAL + ".jpg", directory);
    }
    return new SampleSet(
        scene -> JpegFile.encode(new Scene(scene).draw(), ORIGINAL_QUALITY), pictures);
  }

  /// The pictures of a list of files, each a scene of its own. Two of them may show the same thing:
  /// the set cannot know.
  ///
  /// @param directory what the ids of the originals are relative to
  /// @param files image files below it; one that cannot be decoded is sent without copies
  public static SampleSet ofFiles(Path directory, List<Path> files) throws IOException {
    List<SamplePicture> pictures = new ArrayList<>();
    for (int scene = 0; scene < files.size(); scene++) {
      String id = directory.relativize(files.get(scene)).toString();
      if (PictureFile.decode(Files.readAllBytes(files.get(scene))) == null) {
        pictures.add(new SamplePicture(id, scene, SamplePicture.ORIGINAL));
      } else {
        addVariants(pictures, scene, files.size(), id, "copies/" + id + "/");
      }
    }
    return new SampleSet(scene -> Files.readAllBytes(files.get(scene)), pictures);
  }

  /// All pictures, in an order in which they may be sent: an original before its copies.
  public List<SamplePicture> pictures() {
    return pictures;
  }

  /// The bytes of one of {@link #pictures}; the same ones each time.
  public byte[] bytes(SamplePicture picture) throws IOException {
    if (picture.scene() != scene) {
      original = originals.bytes(picture.scene());
      scene = picture.scene();
      decoded = null;
    }
    if (picture.isOriginal() || picture.isIdenticalCopy()) {
      return original.clone();
    }
    BufferedImage image = decoded;
    if (image == null) {
      image = PictureFile.decode(original);
      if (image == null) {
        throw new IOException(picture.id() + ": cannot be decoded any more");
      }
      decoded = image;
    }
    return Edit.valueOf(picture.variant().toUpperCase(Locale.ROOT)).encode(image);
  }

  private static void addVariants(
      List<SamplePicture> pictures, int scene, int scenes, String original, String directory) {
    pictures.add(new SamplePicture(original, scene, SamplePicture.ORIGINAL));
    // One to three edits, all of them equally often.
    int copies = 1 + scene % 3;
    int first = scene / 3 * 6 + copies * (copies - 1) / 2;
    for (int copy = 0; copy < copies; copy++) {
      String edit = Edit.ALL.get((first + copy) % Edit.ALL.size()).name().toLowerCase(Locale.ROOT);
      pictures.add(new SamplePicture(directory + edit + ".jpg", scene, edit));
    }
    // Spread over the set, so that they do not all stand at its beginning.
    int identical = Math.min(scenes, IDENTICAL_COPIES);
    if ((long) (scene + 1) * identical / scenes > (long) scene * identical / scenes) {
      pictures.add(
          new SamplePicture(
              directory + SamplePicture.IDENTICAL + ".jpg", scene, SamplePicture.IDENTICAL));
    }
  }

  private interface Originals {
    byte[] bytes(int scene) throws IOException;
  }
}
