package dev.mekiki.runtime.generation;

import com.google.protobuf.MessageLite;
import dev.mekiki.runtime.StartException;
import dev.mekiki.runtime.kafka.KafkaClients;
import dev.mekiki.runtime.kafka.PartitionEnds;
import dev.mekiki.schemas.text.BoundedText;
import dev.mekiki.schemas.topic.CutMarker;
import dev.mekiki.schemas.topic.Topics;
import dev.mekiki.schemas.v1.Cut;
import dev.mekiki.schemas.v1.Generation;
import dev.mekiki.schemas.v1.MatchSettings;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.BiFunction;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/// Prepares generations beside the active one, makes one of them active by a cut, and forgets them.
/// Each is one atomic step on the topic `generations`. Thread-safe; calls block on Kafka.
///
/// @param clients settings of Kafka clients
/// @param topics of the installation
/// @param registry the generations
public record GenerationChanges(KafkaClients clients, Topics topics, GenerationRegistry registry) {
  public GenerationChanges(KafkaClients clients, Topics topics) {
    this(clients, topics, new GenerationRegistry(clients, topics));
  }

  /// Records a generation that is to be built beside the active one.
  ///
  /// @param generation as {@link GenerationRegistry#identified} makes it
  /// @return the generation as it stands in the registry
  /// @throws StartException where none is active, the generation is kept already, or Kafka does not
  ///   take it
  public Generation prepare(Generation generation) {
    return registry
        .announcer()
        .run("generation", writer -> prepare(registry.read(), generation, writer));
  }

  /// Checks that another generation can be prepared.
  ///
  /// @throws StartException where none is active, or the active one does what only one generation
  ///   can
  public static void checkPreparable(Generations known) {
    @Nullable Generation active = known.active();
    if (active == null) {
      throw new StartException(
          "no generation is active (expected: one beside which another can be prepared; start an"
              + " encoder service with `mekiki encoder`, which announces its own)");
    }
    @Nullable MatchSettings live = known.settings().get(active.getId());
    if (live != null && live.getGroups()) {
      throw new StartException(
          "the active generation keeps groups, which only one generation can (expected: mekiki.groups"
              + " off; or change the generation by --reindex)");
    }
  }

  private static Generation prepare(
      Generations known, Generation generation, FencedUpdate.Writer writer)
      throws FencedUpdate.CommitInDoubtException {
    @Nullable Generation kept = known.byId().get(generation.getId());
    if (kept != null && kept.getState() == Generation.State.PREPARED) {
      return kept;
    }
    if (kept != null) {
      throw new StartException(
          ("generation %s is kept already, as %s (expected: one that is not; make it active with"
                  + " `mekiki generation activate`, or retire it first)")
              .formatted(generation.getId(), kept.getState()));
    }
    checkPreparable(known);
    Generation prepared =
        generation.toBuilder().setState(Generation.State.PREPARED).clearActivatedTime().build();
    Map<String, MessageLite> records = new LinkedHashMap<>();
    records.put(prepared.getId(), prepared);
    @Nullable MatchSettings before = known.settings().get(prepared.getId());
    if (before != null) {
      // It was retired: whatever is left of its index anywhere has other names than the next one.
      records.put(
          GenerationReader.settingsKey(prepared.getId()),
          before.toBuilder()
              .setRun(before.getRun() + 1)
              .setEventsNoted(true)
              .setCopiesNoted(true)
              .setCutsBefore(known.cuts().size())
              .setPrepared(true)
              .build());
    }
    writer.commit(records);
    return prepared;
  }

  /// Makes a generation active by a cut. From it on searches go there, and it reports the pairs of
  /// images that arrive; the one that was active goes on beside it.
  ///
  /// @param id of a generation that is kept
  /// @param author who says so
  /// @return the cut; the last one where the generation is active already
  /// @throws StartException where there is no such generation, or Kafka does not take it
  public Cut activate(String id, String author) {
    return registry.announcer().run("cut", writer -> activate(registry.read(), id, author, writer));
  }

  private Cut activate(Generations known, String id, String author, FencedUpdate.Writer writer)
      throws FencedUpdate.CommitInDoubtException {
    @Nullable Generation next = known.byId().get(id);
    @Nullable Generation active = known.active();
    if (next == null || active == null) {
      throw new StartException(
          "generation %s: unknown (expected: one of %s)".formatted(id, known.byId().keySet()));
    }
    if (next.getState() == Generation.State.ENDING) {
      throw new StartException(
          "generation %s is being removed (expected: one that is kept)".formatted(id));
    }
    if (known.isActive(id)) {
      return known.cuts().isEmpty() ? Cut.getDefaultInstance() : known.cuts().getLast();
    }
    Cut.Builder cut =
        Cut.newBuilder()
            .setNumber(known.cuts().size() + 1)
            .setGeneration(id)
            .setPrevious(active.getId())
            .setTime(GenerationRegistry.now());
    try (PartitionEnds ends = new PartitionEnds(clients)) {
      List<ProducerRecord<byte[], byte[]>> markers = new ArrayList<>();
      for (String topic : marked(known)) {
        for (int partition = 0; partition < ends.partitions(topic); partition++) {
          markers.add(CutMarker.record(topic, partition, cut.getNumber()));
        }
      }
      writer.commit(
          markers,
          // Only now: whatever was encoded before a marker lies before these ends.
          () -> {
            cut.setImagesTopicId(ends.topicId(topics.images()))
                .addAllImagesOffsets(ends.ends(topics.images()));
            return records(active, next, author, cut.build());
          });
    }
    return cut.build();
  }

  private static Map<String, MessageLite> records(
      Generation active, Generation next, String author, Cut cut) {
    Map<String, MessageLite> records = new LinkedHashMap<>();
    records.put(GenerationReader.cutKey(cut.getNumber()), cut);
    records.put(active.getId(), active.toBuilder().setState(Generation.State.RETIRED).build());
    records.put(
        next.getId(),
        next.toBuilder()
            .setState(Generation.State.ACTIVE)
            .setActivatedTime(cut.getTime())
            .setActivatedBy(BoundedText.message(author))
            .build());
    return records;
  }

  /// The topics by which images come to indexes: of all networks that are in use, those of codes,
  /// and those of landmarks where there are any.
  private TreeSet<String> marked(Generations known) {
    TreeSet<String> marked = new TreeSet<>();
    for (Generation kept : known.byId().values()) {
      marked.add(topics.imageCodes(kept.getNetwork()));
      marked.add(topics.imageLandmarks(kept.getNetwork()));
    }
    return marked;
  }

  /// Says that a generation is to be removed: index instances that follow it stop, and nobody can
  /// make it active any more.
  ///
  /// @throws StartException where it is the active one or unknown, or Kafka does not take it
  public void end(String id) {
    change(
        id,
        (_, generation) ->
            Map.of(id, generation.toBuilder().setState(Generation.State.ENDING).build()));
  }

  /// Removes a generation from those that are kept, and the instances of its index from those that
  /// are known.
  ///
  /// @throws StartException where it is the active one or unknown, or Kafka does not take it
  public void forget(String id) {
    change(
        id,
        (known, _) -> {
          Map<String, @Nullable MessageLite> records = new LinkedHashMap<>();
          known.members().values().stream()
              .filter(member -> member.getGeneration().equals(id))
              .forEach(member -> records.put(GenerationReader.memberKey(member.getClient()), null));
          records.put(id, null);
          return records;
        });
  }

  private void change(
      String id,
      BiFunction<Generations, Generation, Map<String, ? extends @Nullable MessageLite>> change) {
    boolean _ =
        registry
            .announcer()
            .run(
                "generation",
                writer -> {
                  Generations known = registry.read();
                  @Nullable Generation generation = known.byId().get(id);
                  if (generation == null || known.isActive(id)) {
                    throw new StartException(
                        "generation %s is %s (expected: one that is kept and not active)"
                            .formatted(id, generation == null ? "unknown" : "active"));
                  }
                  writer.commit(change.apply(known, generation));
                  return true;
                });
  }
}
