package dev.mekiki.reliability.load;

import dev.mekiki.samples.SamplePicture;
import dev.mekiki.samples.SampleSet;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/// The pictures that a run sends: drawn scenes, edited copies of each, and what is no picture.
/// Immutable.
public final class Pictures {
  private static final int BAD = 12;

  private final List<byte[]> good;
  private final List<Integer> scenes;
  private final List<byte[]> bad;

  private Pictures(List<byte[]> good, List<Integer> scenes, List<byte[]> bad) {
    this.good = List.copyOf(good);
    this.scenes = List.copyOf(scenes);
    this.bad = List.copyOf(bad);
  }

  /// Pictures that are drawn.
  ///
  /// @param scenes how many different ones; there are three pictures of each, on average
  /// @param seed of what is no picture
  public static Pictures drawn(int scenes, long seed) throws IOException {
    SampleSet set = SampleSet.drawn(scenes);
    List<byte[]> good = new ArrayList<>();
    List<Integer> shown = new ArrayList<>();
    for (SamplePicture picture : set.pictures()) {
      if (!picture.isIdenticalCopy()) {
        good.add(set.bytes(picture));
        shown.add(picture.scene());
      }
    }
    Random random = new Random(seed);
    List<byte[]> bad = new ArrayList<>();
    for (int i = 0; i < BAD; i++) {
      bad.add(bad(random, good.get(random.nextInt(good.size()))));
    }
    return new Pictures(good, shown, bad);
  }

  /// Noise, an image that is cut short, or one whose beginning is damaged.
  private static byte[] bad(Random random, byte[] picture) {
    return switch (random.nextInt(3)) {
      case 0 -> {
        byte[] noise = new byte[1 + random.nextInt(2_000)];
        random.nextBytes(noise);
        yield noise;
      }
      case 1 -> Arrays.copyOf(picture, 1 + random.nextInt(200));
      default -> {
        byte[] damaged = picture.clone();
        for (int i = 2; i < 40; i++) {
          damaged[i] = (byte) random.nextInt();
        }
        yield damaged;
      }
    };
  }

  public int count() {
    return good.size();
  }

  /// What a picture shows: two of one scene are copies of one another.
  public int scene(int number) {
    return scenes.get(number);
  }

  int badCount() {
    return bad.size();
  }

  /// The bytes of a picture, not to be changed.
  public byte[] good(int number) {
    return good.get(number);
  }

  /// Bytes that no encoder takes, not to be changed.
  byte[] bad(int number) {
    return bad.get(number);
  }
}
