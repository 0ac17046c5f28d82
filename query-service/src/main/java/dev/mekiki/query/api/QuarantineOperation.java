package dev.mekiki.query.api;

import com.google.protobuf.util.Timestamps;
import dev.mekiki.query.cluster.ClusterView;
import dev.mekiki.query.cluster.Deadline;
import dev.mekiki.runtime.server.Caller;
import dev.mekiki.schemas.v1.ListQuarantineResponse;
import dev.mekiki.schemas.v1.MatchRules;
import dev.mekiki.schemas.v1.Quarantine;
import dev.mekiki.schemas.v1.QuarantinedPicture;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Says what flood control holds back now, as the index instances know it. Each partition has
/// quarantines of its own; those of one fingerprint are one here. Thread-safe; it blocks.
final class QuarantineOperation {
  static final int MAX_PICTURES = 1000;

  private static final int MAX_EXAMPLES = 5;

  private static final Comparator<QuarantinedPicture> ORDER =
      Comparator.comparingLong(QuarantinedPicture::getImages)
          .reversed()
          .thenComparing(QuarantinedPicture::getFingerprint)
          .thenComparing(QuarantinedPicture::getTenant)
          .thenComparing(QuarantinedPicture::getCopies);

  private final Backend backend;
  private final TenantRules tenants;

  QuarantineOperation(Backend backend, TenantRules tenants) {
    this.backend = backend;
    this.tenants = tenants;
  }

  /// What of it a caller may see.
  ///
  /// @throws ApiException UNAVAILABLE where no index instance answers
  ListQuarantineResponse list(Caller caller) {
    ClusterView view = backend.view(backend.generation());
    List<MatchRules> answers =
        backend.clients().rulesOfEach(view, Deadline.after(backend.limits().searchTimeout()));
    if (answers.isEmpty()) {
      throw ApiException.unavailable(
          "no index instance says what is in quarantine (expected: a running one; start it with"
              + " `mekiki index`)");
    }
    @Nullable String seen = tenants.seen(caller);
    List<Quarantine> quarantines =
        answers.stream().flatMap(answer -> answer.getQuarantinesList().stream()).toList();
    boolean complete =
        answers.size() == view.instances().size()
            && view.missing(backend.generation().partitions()).isEmpty();
    return merged(
        quarantines,
        one -> seen == null || (one.hasTenant() && one.getTenant().equals(seen)),
        complete);
  }

  /// @param visible which of them are shown
  static ListQuarantineResponse merged(
      Collection<Quarantine> quarantines, Predicate<Quarantine> visible, boolean complete) {
    record Key(String fingerprint, boolean hasTenant, String tenant, boolean copies) {}
    Map<Key, List<Quarantine>> byPicture = new LinkedHashMap<>();
    for (Quarantine one : quarantines) {
      if (visible.test(one)) {
        byPicture
            .computeIfAbsent(
                new Key(one.getFingerprint(), one.hasTenant(), one.getTenant(), one.getCopies()),
                _ -> new ArrayList<>())
            .add(one);
      }
    }
    List<QuarantinedPicture> pictures =
        byPicture.values().stream().map(QuarantineOperation::picture).sorted(ORDER).toList();
    return ListQuarantineResponse.newBuilder()
        .addAllPictures(pictures.stream().limit(MAX_PICTURES).toList())
        .setLeftOut(Math.max(0, pictures.size() - MAX_PICTURES))
        .setComplete(complete)
        .build();
  }

  /// @param parts the quarantines of one picture, at least one
  private static QuarantinedPicture picture(List<Quarantine> parts) {
    Quarantine first =
        parts.stream()
            .min(Comparator.comparing(Quarantine::getSince, Timestamps.comparator()))
            .orElseThrow();
    QuarantinedPicture.Builder picture =
        QuarantinedPicture.newBuilder()
            .setFingerprint(first.getFingerprint())
            .setRadius(first.getRadius())
            .setSince(first.getSince())
            .setImages(parts.stream().mapToLong(Quarantine::getImages).sum())
            .addAllExamples(
                parts.stream()
                    .flatMap(part -> part.getExamplesList().stream())
                    .distinct()
                    .limit(MAX_EXAMPLES)
                    .toList())
            .addAllPartitions(
                parts.stream().map(Quarantine::getPartition).distinct().sorted().toList())
            .setCopies(first.getCopies());
    if (first.hasTenant()) {
      picture.setTenant(first.getTenant());
    }
    return picture.setExplanation(explanation(picture)).build();
  }

  private static String explanation(QuarantinedPicture.Builder picture) {
    return "%d images of a picture made no events since %s; to mute it for good: mekiki mute add --fingerprint %s --radius %d --reason flood"
        .formatted(
            picture.getImages(),
            Instant.ofEpochMilli(Timestamps.toMillis(picture.getSince())),
            picture.getFingerprint(),
            picture.getRadius());
  }
}
