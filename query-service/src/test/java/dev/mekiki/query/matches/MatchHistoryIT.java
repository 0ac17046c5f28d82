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
import java.util.List;
import java.util.Map;
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
    assertThat(feed.past(null, 10, _ -> true)).isEqualTo(new MatchPage(List.of(), null));
  }

  @Test
  void whatWasDeletedMeanwhileIsPassedOver() throws Exception {
    write(new Random(3), 200);
    MatchPage first = feed.past(null, 10, _ -> true);
    for (int partition = 0; partition < 3; partition++) {
      admin
          .deleteRecords(
              Map.of(
                  new TopicPartition(topics.matches(), partition),
                  RecordsToDelete.beforeOffset(-1)))
          .all()
          .get();
    }
    assertThat(feed.past(first.next(), 10, _ -> true)).isEqualTo(new MatchPage(List.of(), null));
  }

  @Test
  void aFilterThatNothingPassesReadsALimitedNumberOfRecords() throws Exception {
    producer.beginTransaction();
    for (int i = 0; i < MatchHistory.MAX_READ + 10_000; i++) {
      sendRaw(new byte[] {'{', '}'});
    }
    producer.commitTransaction();

    MatchPage page = feed.past(null, 100, _ -> false);
    assertThat(page.matches()).isEmpty();
    assertThat(page.next()).isNotNull();
    MatchPage next = feed.past(page.next(), 100, _ -> false);
    assertThat(next).isEqualTo(new MatchPage(List.of(), null));
  }

  @Test
  void positionsOfAnotherTopicAreRefused() {
    assertThatThrownBy(() -> feed.past(new Positions(List.of(1L)), 10, _ -> true))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("1 positions (expected: 3)");
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
