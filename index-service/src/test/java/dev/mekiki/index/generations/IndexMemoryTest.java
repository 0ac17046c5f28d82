package dev.mekiki.index.generations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mekiki.schemas.v1.Generation;
import dev.mekiki.schemas.v1.IndexMember;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class IndexMemoryTest {
  private static final Generation LIVE = generation('a', 8);
  private static final Generation NEXT = generation('b', 3);
  private static final Map<String, Generation> KEPT = Map.of(LIVE.getId(), LIVE);

  @Test
  void whatDoesNotFitIsSaidWithTheArithmetic() {
    List<IndexMember> two =
        List.of(member("p", "live", 1 << 30, 0), member("q", "live", 1 << 30, 0));
    // 4 of 8 and 2 of 3 partitions: 7/6 of the images, at 300 bytes.
    assertThat(shortage(2_100_000, false, two)).isNull();
    assertThat(shortage(2_200_000, false, two))
        .isEqualTo(
            "an index instance would hold 4 of the 8 partitions of aaaaaaaaaaaaaaaa and 2 of the 3"
                + " partitions of bbbbbbbbbbbbbbbb, of 2,200,000 images x 300 bytes: 769,999,800 bytes"
                + " (expected: at most 751,619,276, which is 70 % of the heap of 1,073,741,824)");
    assertThat(shortage(500_000, true, two)).contains("500,000 images x 1600 bytes");
  }

  @Test
  void theProcessThatIsShortOfMostDecides() {
    List<IndexMember> members =
        List.of(member("p", "live", 1 << 30, 0), member("q", "live", 1 << 20, 0));
    assertThat(shortage(100_000, false, members)).contains("the heap of 1,048,576");
  }

  @Test
  void standbysAndGenerationsInTheSameProcessCount() {
    List<IndexMember> standbys =
        List.of(member("p", "live", 1 << 30, 1), member("q", "live", 1 << 30, 1));
    assertThat(shortage(1_300_000, false, standbys)).contains("8 of the 8", "3 of the 3");
    Generation former = generation('c', 4);
    List<IndexMember> both = new ArrayList<>(List.of(member("p", "live", 1 << 30, 0)));
    both.add(both.getFirst().toBuilder().setGeneration(former.getId()).build());
    assertThat(
            IndexMemory.shortage(
                NEXT, 1_000_000, false, Map.of(LIVE.getId(), LIVE, former.getId(), former), both))
        .contains("8 of the 8", "4 of the 4", "3 of the 3", "900,000,000 bytes");
  }

  @Test
  void whereNobodyWouldServeItNothingIsShort() {
    assertThat(shortage(Integer.MAX_VALUE, true, Collections.emptyList())).isNull();
    IndexMember alone = member("p", "live", 1, 0).toBuilder().setFollows(false).build();
    assertThat(shortage(1_000_000, false, List.of(alone))).isNull();
  }

  private static @Nullable String shortage(long images, boolean copies, List<IndexMember> members) {
    return IndexMemory.shortage(NEXT, images, copies, KEPT, members);
  }

  private static IndexMember member(String process, String client, long heap, int standbys) {
    return IndexMember.newBuilder()
        .setClient(client + process)
        .setGeneration(LIVE.getId())
        .setProcess(process)
        .setHeapBytes(heap)
        .setStandbyReplicas(standbys)
        .setFollows(true)
        .build();
  }

  private static Generation generation(char digit, int partitions) {
    return Generation.newBuilder()
        .setId(Character.toString(digit).repeat(64))
        .setPartitions(partitions)
        .build();
  }
}
