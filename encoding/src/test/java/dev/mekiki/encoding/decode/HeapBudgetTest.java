package dev.mekiki.encoding.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mekiki.encoding.TestImages;
import dev.mekiki.encoding.decode.BadImageException.Reason;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

final class HeapBudgetTest {
  private static final int MIB = 1 << 20;
  private static final DecodeLimits LIMITS = new DecodeLimits(16 * MIB, 100_000_000);

  @Test
  void pictureThatNeedsMoreThanTheBudgetIsRefusedWithTheRemedy() throws Exception {
    byte[] gif = TestImages.file(TestImages.scene(1, 1200, 1200), "gif");
    ImageDecoder decoder =
        new ImageDecoder(LIMITS, new HeapBudget(2 * MIB, "give Java more by -Xmx"));

    assertThatThrownBy(() -> decoder.decode(gif))
        .isInstanceOfSatisfying(
            BadImageException.class, e -> assertThat(e.reason()).isEqualTo(Reason.TOO_MANY_PIXELS))
        .hasMessageContaining("1200 x 1200")
        .hasMessageContaining("at most 2")
        .hasMessageContaining("-Xmx");
  }

  @Test
  void pictureWithinTheBudgetIsDecodedAndGivesItBack() throws Exception {
    byte[] gif = TestImages.file(TestImages.scene(1, 600, 600), "gif");
    ImageDecoder decoder = new ImageDecoder(LIMITS, new HeapBudget(MIB, ""));
    for (int i = 0; i < 3; i++) {
      decoder.decode(gif).close();
    }
  }

  @Test
  void otherDecodersWaitForTheirTurn() throws Exception {
    HeapBudget budget = new HeapBudget(4 * MIB, "");
    AtomicBoolean decoded = new AtomicBoolean();
    Thread second =
        new Thread(() -> {
          try (HeapBudget.Share _ = budget.take(ImageFormat.GIF, 1024, 1024, 2)) {
            decoded.set(true);
          } catch (BadImageException e) {
            throw new AssertionError(e);
          }
        });
    try (HeapBudget.Share _ = budget.take(ImageFormat.GIF, 1024, 1024, 2)) {
      second.start();
      while (second.getState() != Thread.State.WAITING) {
        Thread.onSpinWait();
      }
      assertThat(decoded).isFalse();
    }
    second.join();
    assertThat(decoded).isTrue();
  }
}
