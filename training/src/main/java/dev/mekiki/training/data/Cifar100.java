package dev.mekiki.training.data;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;

/// CIFAR-100 in its binary form: records of one byte coarse label, one byte fine label and 32 x 32
/// pixels as planes of red, green and blue; `train.bin` and `test.bin`, gzipped or not.
public final class Cifar100 {
  private static final int SIDE = 32;
  private static final int PLANE = SIDE * SIDE;
  private static final List<String> FINE_CLASSES =
      List.of(
          "apple",
          "aquarium fish",
          "baby",
          "bear",
          "beaver",
          "bed",
          "bee",
          "beetle",
          "bicycle",
          "bottle",
          "bowl",
          "boy",
          "bridge",
          "bus",
          "butterfly",
          "camel",
          "can",
          "castle",
          "caterpillar",
          "cattle",
          "chair",
          "chimpanzee",
          "clock",
          "cloud",
          "cockroach",
          "couch",
          "crab",
          "crocodile",
          "cup",
          "dinosaur",
          "dolphin",
          "elephant",
          "flatfish",
          "forest",
          "fox",
          "girl",
          "hamster",
          "house",
          "kangaroo",
          "keyboard",
          "lamp",
          "lawn mower",
          "leopard",
          "lion",
          "lizard",
          "lobster",
          "man",
          "maple tree",
          "motorcycle",
          "mountain",
          "mouse",
          "mushroom",
          "oak tree",
          "orange",
          "orchid",
          "otter",
          "palm tree",
          "pear",
          "pickup truck",
          "pine tree",
          "plain",
          "plate",
          "poppy",
          "porcupine",
          "possum",
          "rabbit",
          "raccoon",
          "ray",
          "road",
          "rocket",
          "rose",
          "sea",
          "seal",
          "shark",
          "shrew",
          "skunk",
          "skyscraper",
          "snail",
          "snake",
          "spider",
          "squirrel",
          "streetcar",
          "sunflower",
          "sweet pepper",
          "table",
          "tank",
          "telephone",
          "television",
          "tiger",
          "tractor",
          "train",
          "trout",
          "tulip",
          "turtle",
          "wardrobe",
          "whale",
          "willow tree",
          "wolf",
          "woman",
          "worm");

  /// Superclass of each class.
  private static final int[] COARSE = {
    4, 1, 14, 8, 0, 6, 7, 7, 18, 3, 3, 14, 9, 18, 7, 11, 3, 9, 7, 11,
    6, 11, 5, 10, 7, 6, 13, 15, 3, 15, 0, 11, 1, 10, 12, 14, 16, 9, 11, 5,
    5, 19, 8, 8, 15, 13, 14, 17, 18, 10, 16, 4, 17, 4, 2, 0, 17, 4, 18, 17,
    10, 3, 2, 12, 12, 16, 12, 1, 9, 19, 2, 10, 0, 1, 16, 12, 9, 13, 15, 13,
    16, 19, 2, 4, 6, 19, 5, 5, 8, 19, 18, 1, 2, 15, 6, 0, 17, 8, 14, 13
  };

  private Cifar100() {}

  /// The superclass of each fine class, 0 to 19, five fine classes each.
  public static int[] superclasses() {
    return COARSE.clone();
  }

  /// The training images and the test images in a directory, with their 100 fine classes.
  ///
  /// @throws IOException where the files are missing or cut short
  public static LabelledImages.Split read(Path directory) throws IOException {
    return new LabelledImages.Split(read(directory, "train.bin"), read(directory, "test.bin"));
  }

  private static LabelledImages read(Path directory, String name) throws IOException {
    Path plain = directory.resolve(name);
    Path zipped = directory.resolve(name + ".gz");
    List<byte[]> pixels = new ArrayList<>();
    List<Integer> labels = new ArrayList<>();
    try (InputStream in =
        new BufferedInputStream(
            Files.exists(zipped)
                ? new GZIPInputStream(Files.newInputStream(zipped))
                : Files.newInputStream(plain),
            1 << 16)) {
      byte[] record = new byte[2 + 3 * PLANE];
      for (int read = in.readNBytes(record, 0, record.length);
          read > 0;
          read = in.readNBytes(record, 0, record.length)) {
        if (read < record.length) {
          throw new EOFException(
              "%s in %s: ends within picture %d".formatted(name, directory, labels.size()));
        }
        labels.add((int) record[1]);
        byte[] picture = new byte[3 * PLANE];
        for (int i = 0; i < PLANE; i++) {
          for (int channel = 0; channel < 3; channel++) {
            picture[3 * i + channel] = record[2 + channel * PLANE + i];
          }
        }
        pixels.add(picture);
      }
    }
    return new LabelledImages(
        "CIFAR-100, " + name,
        SIDE,
        FINE_CLASSES,
        pixels,
        labels.stream().mapToInt(Integer::intValue).toArray());
  }
}
