package dev.mekiki.encoder.verify;

import dev.mekiki.encoder.follow.FollowLoop;
import dev.mekiki.encoder.verify.CopyVerifier.Pictures;
import dev.mekiki.hashing.match.OriginFilter;
import dev.mekiki.runtime.failure.Component;
import dev.mekiki.runtime.policy.PolicyFollower;
import dev.mekiki.schemas.topic.Topics;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;

/// The loop that verifies copies, and what it reads pictures with.
public final class Verification implements AutoCloseable {
  private static final Duration READ_LIMIT = Duration.ofSeconds(2);

  private final PictureReader pictures;
  private final FollowLoop loop;

  /// @param clients of the loop
  /// @param reader properties of a consumer that is in no group
  /// @param threads that verify
  /// @param limit of one verification
  /// @param policies what people decided, by which pairs are left out
  /// @param origins the same by where images come from
  /// @param component owns the loop's failures; closed with the loop
  public Verification(
      Topics topics,
      FollowLoop.Clients clients,
      Map<String, Object> reader,
      int threads,
      Duration limit,
      VerifySettings settings,
      PolicyFollower policies,
      OriginFilter origins,
      VerifyMetrics metrics,
      Component component) {
    pictures = new PictureReader(reader, topics, threads, READ_LIMIT);
    Pictures thumbnails =
        (id, network, image) ->
            image.hasThumbnailAt() ? pictures.read(id, network, image.getThumbnailAt()) : null;
    loop =
        new FollowLoop(
            "verify",
            new FollowLoop.Settings(topics.copyCandidates(), threads, limit),
            clients,
            new VerifyStep(
                topics,
                new CopyVerifier(thumbnails, settings, InstantSource.system()),
                policies.copyFilter(origins),
                policies::awaitRead,
                metrics),
            component);
  }

  /// Starts to verify.
  public void start() {
    loop.start();
  }

  /// Ends. Pairs under way are verified at the next start.
  @Override
  public void close() {
    loop.close();
    pictures.close();
  }
}
