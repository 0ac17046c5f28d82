package dev.mekiki.hashing.bucket;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CodesTest {
  /// More than the 262,144 chunks that a reference of 31 bits could number in chunks of 8,192
  /// codes.
  private static final int SHELLS = 300_000;

  private static final Bucket BUCKET = new Bucket(16);

  @Test
  void referencesOfVeryManyShellsDoNotOverflow() {
    Codes codes = new Codes(1);
    List<Shell> shells = new ArrayList<>();
    int[] refs = new int[SHELLS];
    for (int i = 0; i < SHELLS; i++) {
      Shell shell = new Shell(BUCKET, 0, 1);
      shells.add(shell);
      refs[i] = codes.add(shell, new long[] {i});
    }

    for (int i = 0; i < SHELLS; i++) {
      assertThat(refs[i]).isPositive();
      assertThat(codes.find(shells.get(i), new long[] {i})).isEqualTo(refs[i]);
      assertThat(codes.shell(refs[i])).isSameAs(shells.get(i));
    }
  }

  @Test
  void everyCodeOfALargeShellHasAPlaceOfItsOwn() {
    Codes codes = new Codes(2);
    Shell shell = new Shell(BUCKET, 3, 2);
    Shell other = new Shell(BUCKET, 4, 2);
    int count = 3 * Shell.CHUNK_CODES + 5;
    for (int i = 0; i < count; i++) {
      codes.add(shell, new long[] {i, -i});
      codes.add(other, new long[] {i, -i});
    }

    assertThat(shell.chunks).hasSize(4);
    for (int i = 0; i < count; i++) {
      int ref = codes.find(shell, new long[] {i, -i});
      Shell.Chunk chunk = shell.chunks[i / Shell.CHUNK_CODES];
      assertThat(codes.columns(ref)).isSameAs(chunk.columns);
      assertThat(codes.offset(ref)).isEqualTo(i % Shell.CHUNK_CODES);
    }
    int removed = codes.find(shell, new long[] {77, -77});
    codes.remove(removed);
    shell.free(removed);
    assertThat(codes.add(shell, new long[] {-1, 1})).isEqualTo(removed);
  }
}
