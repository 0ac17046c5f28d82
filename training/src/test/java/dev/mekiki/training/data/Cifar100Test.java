package dev.mekiki.training.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mekiki.training.testing.SharedModels;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class Cifar100Test {
  @TempDir private Path directory;

  @Test
  void recordsAreReadWithTheirFineClassAndInterleavedColours() throws IOException {
    Files.write(directory.resolve("train.bin"), record(1, 99));
    try (OutputStream out =
        new GZIPOutputStream(Files.newOutputStream(directory.resolve("test.bin.gz")))) {
      out.write(record(2, 0));
      out.write(record(3, 42));
    }

    LabelledImages.Split images = Cifar100.read(directory);

    assertThat(images.training().size()).isEqualTo(1);
    assertThat(images.training().classNames()).hasSize(100).doesNotHaveDuplicates();
    assertThat(images.training().labels()).containsExactly(99);
    assertThat(images.training().classNames().get(99)).isEqualTo("worm");
    assertThat(images.test().labels()).containsExactly(0, 42);
    assertThat(images.test().pixels().getFirst()).startsWith(10, 20, 30, 10, 20, 30);
  }

  @Test
  void eachSuperclassHasFiveClasses() {
    int[] sizes = new int[20];
    for (int superclass : Cifar100.superclasses()) {
      sizes[superclass]++;
    }

    assertThat(sizes).containsOnly(5);
  }

  /// A record's first byte is its superclass.
  @Test
  void superclassesAreThoseOfTheDataSet() throws IOException {
    int[] superclasses = Cifar100.superclasses();
    try (InputStream in = new GZIPInputStream(Files.newInputStream(SharedModels.cifar100()))) {
      for (int i = 0; i < 1_000; i++) {
        byte[] record = in.readNBytes(2 + 3 * 1024);
        assertThat(superclasses[record[1]]).isEqualTo(record[0]);
      }
    }
  }

  @Test
  void fileCutShortIsNamed() throws IOException {
    Files.write(directory.resolve("train.bin"), Arrays.copyOf(record(1, 1), 100));

    assertThatThrownBy(() -> Cifar100.read(directory))
        .isInstanceOf(EOFException.class)
        .hasMessageContaining("train.bin")
        .hasMessageContaining("picture 0");
  }

  @Test
  void missingFileIsNamed() {
    assertThatThrownBy(() -> Cifar100.read(directory))
        .isInstanceOf(NoSuchFileException.class)
        .hasMessageContaining("train.bin");
  }

  private static byte[] record(int coarse, int fine) {
    byte[] record = new byte[2 + 3 * 1024];
    record[0] = (byte) coarse;
    record[1] = (byte) fine;
    for (int i = 0; i < 1024; i++) {
      record[2 + i] = 10;
      record[2 + 1024 + i] = 20;
      record[2 + 2048 + i] = 30;
    }
    return record;
  }
}
