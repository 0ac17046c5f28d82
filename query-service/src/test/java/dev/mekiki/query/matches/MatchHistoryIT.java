package dev.mekiki.query.matches;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.util.JsonFormat;
import com.google.protobuf.util.Timestamps;
import dev.mekiki.hashing.Seeds;
import dev.mekiki.schemas.v1.Match;
import dev.mekiki.schemas.v1.MatchKind;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.function.Predicate;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/// Pages of the past against a list of what was written.
class MatchHistoryIT extends OnMatchTopic {
  private final long seed = Seeds.seed(MatchHistoryIT.class);

  @RepeatedTest(3)
  void pagesHoldEveryMatchOnceTheNewestFirst() throws Exception {
    Random random = new Random(seed);
    List<Match> written = write(random, 150 + random.nextInt(150));
    int limit = 10 + random.nextInt(60);
    Collections.reverse(written);
    assertThat(pages(limit, _ -> true)).containsExactlyElementsOf(written);
    assertThat(pages(limit, match -> match.getKind() == MatchKind.NEAR))
        .containsExactlyElementsOf(
            written.stream().filter(match -> match.getKind() == MatchKind.NEAR).toList());
  }

  @Test
  void whatComesMeanwhileIsOnNoLaterPage() throws Exception {
    List<Match> written = write(new Random(1), 50);
    MatchPage first = feed.past(null, 20, _ -> true);
    write(new Random(2), 30);
    MatchPage second = feed.past(first.next(), 100, _ -> true);
    List<Match> both = new ArrayList<>(first.matches());
    both.addAll(second.matches());
    Collections.reverse(written);
    assertThat(both).containsExactlyElementsOf(written);
    assertThat(second.next()).isNull();
  }

  @Test
  void anEmptyTopicHasNoPage() throws Exception {
    MatchPage page = feed.past(null, 10, _ -> true);
    assertThat(page.matches()).isEmpty();
    assertThat(page.next()).isNull();
  }

  @Test
  void whatWasDeletedMeanwhileIsPassedOver() throws Exception {
    write(new Random(3), 200);
    MatchPage first = feed.past(null, 10, _ -> true);
    deleteAll();
    assertThat(feed.past(first.next(), 10, _ -> true))
        .isEqualTo(new MatchPage(List.of(), null, null));
  }

  @Test
  void aFilterThatNothingPassesReadsALimitedNumberOfRecords() throws Exception {
    producer.beginTransaction();
    for (int i = 0; i < PageReading.MAX_READ + 10_000; i++) {
      sendRaw(new byte[] {'{', '}'});
    }
    producer.commitTransaction();

    MatchPage page = feed.past(null, 100, _ -> false);
    assertThat(page.matches()).isEmpty();
    assertThat(page.next()).isNotNull();
    MatchPage next = feed.past(page.next(), 100, _ -> false);
    assertThat(next).isEqualTo(new MatchPage(List.of(), null, null));
  }

  @RepeatedTest(3)
  void pagesForwardHoldEveryMatchOnceTheOldestFirst() throws Exception {
    Random random = new Random(seed + 1);
    write(random, 40);
    // From the present that a page of the past names, nothing is lost and nothing comes twice.
    Positions present = Objects.requireNonNull(feed.past(null, 5, _ -> true).position());
    List<Match> written = new ArrayList<>();
    List<Match> found = new ArrayList<>();
    Positions at = present;
    for (int round = 0; round < 6; round++) {
      written.addAll(write(random, 20 + random.nextInt(40)));
      at = readOn(at, 1 + random.nextInt(30), found, _ -> true);
    }
    assertThat(found).containsExactlyInAnyOrderElementsOf(written);
    assertThat(feed.later(at, 10, _ -> true)).isEqualTo(new MatchPage(List.of(), null, at));

    List<Match> near = new ArrayList<>();
    readOn(present, 7, near, match -> match.getKind() == MatchKind.NEAR);
    assertThat(near)
        .containsExactlyInAnyOrderElementsOf(
            written.stream().filter(match -> match.getKind() == MatchKind.NEAR).toList());
    List<Match> inOnePage = feed.later(present, 1000, _ -> true).matches();
    assertThat(inOnePage)
        .isSortedAccordingTo(
            Comparator.comparingLong(match -> Timestamps.toMillis(match.getMatchTime())));
    assertThat(inOnePage).hasSameSizeAs(written);
  }

  /// Reads pages until one is empty.
  private Positions readOn(Positions from, int limit, List<Match> found, Predicate<Match> filter)
      throws InterruptedException {
    Positions at = from;
    while (true) {
      MatchPage page = feed.later(at, limit, filter);
      assertThat(page.matches()).hasSizeLessThanOrEqualTo(limit);
      found.addAll(page.matches());
      Positions next = Objects.requireNonNull(page.position());
      if (next.equals(at)) {
        return at;
      }
      at = next;
    }
  }

  @Test
  void aPlaceThatTheTopicDoesNotHoldAnyMoreGoesOnWhereItBegins() throws Exception {
    List<Match> written = write(new Random(4), 30);
    assertThat(feed.later(new Positions(List.of(0L, 0L, 0L)), 1000, _ -> true).matches())
        .containsExactlyInAnyOrderElementsOf(written);
    deleteAll();
    MatchPage page = feed.later(new Positions(List.of(0L, 0L, 0L)), 1000, _ -> true);
    assertThat(page.matches()).isEmpty();
    // One that lies behind all comes back to the present.
    assertThat(feed.later(new Positions(List.of(1_000_000L, 0L, 0L)), 10, _ -> true))
        .isEqualTo(page);
  }

  @Test
  void positionsOfAnotherTopicAreRefused() {
    assertThatThrownBy(() -> feed.past(new Positions(List.of(1L)), 10, _ -> true))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("1 positions (expected: 3)");
  }

  private void deleteAll() throws Exception {
    for (int partition = 0; partition < 3; partition++) {
      admin
          .deleteRecords(
              Map.of(
                  new TopicPartition(topics.matches(), partition),
                  RecordsToDelete.beforeOffset(-1)))
          .all()
          .get();
    }
  }

  private List<Match> pages(int limit, Predicate<Match> filter) throws InterruptedException {
    List<Match> all = new ArrayList<>();
    MatchPage page = feed.past(null, limit, filter);
    all.addAll(page.matches());
    while (page.next() != null) {
      page = feed.past(page.next(), limit, filter);
      assertThat(page.matches()).hasSizeLessThanOrEqualTo(limit);
      all.addAll(page.matches());
    }
    return all;
  }

  /// Matches in the order of their times, in any partition, some in transactions that are aborted,
  /// and between them records that are none.
  private List<Match> write(Random random, int count) throws Exception {
    List<Match> written = new ArrayList<>();
    int number = 0;
    while (number < count) {
      producer.beginTransaction();
      boolean isAborted = random.nextInt(5) == 0;
      int size = 1 + random.nextInt(30);
      for (int i = 0; i < size; i++) {
        if (random.nextInt(6) == 0) {
          sendRaw(new byte[] {'{', 7});
          continue;
        }
        Match match =
            Match.newBuilder()
                .setEventId("match %d".formatted(number))
                .setKind(MatchKind.forNumber(1 + random.nextInt(3)))
                .setMatchTime(Timestamps.fromMillis(1_000_000_000_000L + number))
                .build();
        number++;
        var _ =
            producer.send(
                new ProducerRecord<>(
                    topics.matches(),
                    random.nextInt(3),
                    null,
                    JsonFormat.printer().print(match).getBytes(StandardCharsets.UTF_8)));
        if (!isAborted) {
          written.add(match);
        }
      }
      if (isAborted) {
        producer.flush();
        producer.abortTransaction();
      } else {
        producer.commitTransaction();
      }
    }
    return written;
  }
}
