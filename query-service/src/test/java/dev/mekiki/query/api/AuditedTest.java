package dev.mekiki.query.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mekiki.query.AuditLines;
import dev.mekiki.query.policy.Refusals;
import dev.mekiki.runtime.server.Caller;
import dev.mekiki.runtime.server.Role;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Lines of the audit log.
class AuditedTest {
  private static final Caller SHOP = new Caller("shop-1", "shop", Set.of(Role.WRITE));

  @Test
  void whatWasDoneHasItsId() throws Exception {
    assertThat(run(Audited.of(Caller.SERVICE, "mute.create", "a", "x", "b", ""), () -> "made"))
        .isEqualTo(
            """
            {"action":"mute.create","caller":"service","what":{"a":"x","id":"made"},\
            "outcome":"DONE"}\
            """);
  }

  @Test
  void whatWasRefusedHasTheReason() {
    assertThat(
            failed(() -> {
              throw ApiException.invalid("no\nid");
            }))
        .isEqualTo(
            """
            {"action":"image.delete","caller":"shop-1","tenant":"shop","what":{"id":"i"},\
            "outcome":"REFUSED","reason":"no\\\\nid"}\
            """);
    assertThat(
            failed(() -> {
              throw Refusals.denied("not yours");
            }))
        .contains("\"outcome\":\"REFUSED\"", "not yours");
  }

  @Test
  void whatMayHaveBeenDoneIsUnknown() {
    assertThat(
            failed(() -> {
              throw Refusals.unavailable("written, but not read back");
            }))
        .contains("\"outcome\":\"UNKNOWN\"");
    assertThat(
            failed(() -> {
              throw new InterruptedException("stop");
            }))
        .contains("\"outcome\":\"UNKNOWN\"");
  }

  @Test
  void textsAreBounded() throws Exception {
    String line =
        run(Audited.of(SHOP, "image.delete", "id", "x".repeat(100_000)), () -> "y".repeat(100_000));
    assertThat(line).hasSizeLessThan(2_500).contains("... (100000 characters)");
  }

  private static String failed(Audited.Change<String> change) {
    try (AuditLines lines = new AuditLines()) {
      assertThatThrownBy(
          () -> Audited.of(SHOP, "image.delete", "id", "i").run(change, answer -> answer));
      assertThat(lines.lines()).hasSize(1);
      return lines.lines().getFirst();
    }
  }

  private static String run(Audited audited, Audited.Change<String> change)
      throws InterruptedException {
    try (AuditLines lines = new AuditLines()) {
      audited.run(change, answer -> answer);
      assertThat(lines.lines()).hasSize(1);
      return lines.lines().getFirst();
    }
  }
}
