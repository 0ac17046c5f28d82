package dev.mekiki.encoder.landmarks;

import dev.mekiki.encoder.follow.FollowLoop;
import dev.mekiki.encoder.record.ArrivalReader;
import dev.mekiki.encoder.reference.References;
import dev.mekiki.encoding.decode.PictureDecoder;
import dev.mekiki.runtime.failure.Component;
import dev.mekiki.runtime.kafka.RecordReader;
import dev.mekiki.schemas.image.MetadataKeys;
import dev.mekiki.schemas.image.Retention;
import dev.mekiki.schemas.topic.Topics;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;

/// The loop that finds landmarks, and what it reads images with.
public final class LandmarkSearch implements AutoCloseable {
  private static final Duration READ_LIMIT = Duration.ofSeconds(5);

  private final RecordReader records;
  private final Detectors detectors;
  private final FollowLoop loop;

  /// @param network content hash of the network whose codes are followed
  /// @param clients of the loop
  /// @param reader properties of a consumer that is in no group
  /// @param references fetches images that are held elsewhere; closed by the caller
  /// @param threads that find landmarks
  /// @param limit of the work on one image
  /// @param arrivals reads records on `images`
  /// @param inEvents which metadata goes into events
  /// @param retention of images
  /// @param component owns the loop's failures; closed with the loop
  public LandmarkSearch(
      Topics topics,
      String network,
      PictureDecoder decoder,
      FollowLoop.Clients clients,
      Map<String, Object> reader,
      References references,
      int threads,
      Duration limit,
      ArrivalReader arrivals,
      MetadataKeys inEvents,
      Retention retention,
      LandmarkMetrics metrics,
      Component component) {
    records = new RecordReader(reader, threads);
    detectors = new Detectors(decoder);
    loop =
        new FollowLoop(
            "landmarks",
            new FollowLoop.Settings(topics.imageCodes(network), threads, limit),
            clients,
            new LandmarkStep(
                topics.imageLandmarks(network),
                topics.images(),
                records,
                READ_LIMIT,
                arrivals,
                references,
                detectors,
                inEvents,
                metrics,
                retention,
                InstantSource.system()),
            component);
  }

  /// Starts to follow.
  public void start() {
    loop.start();
  }

  /// Ends. Images under way are worked on at the next start.
  @Override
  public void close() {
    loop.close();
    records.close();
    detectors.close();
  }
}
