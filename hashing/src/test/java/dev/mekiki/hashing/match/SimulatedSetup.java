package dev.mekiki.hashing.match;

import dev.mekiki.hashing.RandomCodes;
import dev.mekiki.hashing.center.CenterTable;
import dev.mekiki.hashing.code.HashCode;
import dev.mekiki.hashing.pdq.Fingerprint;
import dev.mekiki.hashing.routing.Routing;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// What a {@link SimulatedWorld} is made of.
///
/// @param images the topic of images from beginning to end, by partition
record SimulatedSetup(
    Routing routing, MatchPolicy policy, List<List<Change>> images, Limits limits) {
  /// What an image shows. The same content always has the same code here.
  record Content(HashCode code, Fingerprint fingerprint, Sha256 sha256) {}

  /// A change on the images topic; null deletes.
  record Change(
      String id,
      @Nullable Content content,
      Revision coordinate,
      long time,
      boolean muted,
      Origin origin) {}

  /// What may happen.
  ///
  /// @param transaction records that a transaction reads, at most
  /// @param aborts of transactions, at most
  /// @param abortOneIn one transaction of so many is aborted
  /// @param atOnce whether what is sent is there at once: with two partitions that leaves out no
  ///   order, since what is there may still wait to be read
  record Limits(int transaction, long aborts, int abortOneIn, boolean atOnce) {
    private static final Limits DRAWN = new Limits(4, Long.MAX_VALUE, 5, false);
  }

  /// Everything by chance.
  static SimulatedSetup drawn(Random random, Reach reach, SimulatedWorld.Decisions decisions) {
    int bits = random.nextBoolean() ? 16 : 32;
    CenterTable centers = RandomCodes.centers(bits, 2 + random.nextInt(7), random);
    int count = 2 + random.nextInt(5);
    Routing routing =
        switch (random.nextInt(3)) {
          case 0 -> Routing.byProximity(centers, count);
          case 1 ->
              new Routing(centers, count, random.ints(centers.size(), 0, count).boxed().toList());
          default ->
              Routing.balanced(centers, count, random.longs(centers.size(), 0, 1000).toArray());
        };
    MatchPolicy policy =
        new MatchPolicy(
            reach, random.nextInt(5), 31, random.nextBoolean() ? null : random.nextInt(5));
    int idPartitions = 1 + random.nextInt(4);
    return new SimulatedSetup(
        routing,
        policy,
        changes(random, centers, decisions, idPartitions, 5 + random.nextInt(40)),
        Limits.DRAWN);
  }

  private static List<List<Change>> changes(
      Random random,
      CenterTable centers,
      SimulatedWorld.Decisions decisions,
      int idPartitions,
      int count) {
    List<HashCode> heads = new ArrayList<>();
    for (int i = 0; i < 1 + random.nextInt(3); i++) {
      heads.add(RandomCodes.mixed(centers, random));
    }
    Fingerprint print = RandomCodes.fingerprint(random);
    List<Content> contents = new ArrayList<>();
    for (int i = 0; i < 2 + random.nextInt(8); i++) {
      // Some codes lie anywhere: only a reach of everywhere finds their duplicates.
      HashCode code =
          random.nextInt(4) == 0
              ? RandomCodes.mixed(centers, random)
              : RandomCodes.at(heads.get(random.nextInt(heads.size())), random.nextInt(5), random);
      HashCode shown = RandomCodes.at(print.code(), random.nextInt(40), random);
      contents.add(new Content(code, new Fingerprint(shown, 100), new Sha256(i, 0, 0, 0)));
    }
    List<List<Change>> images = none(idPartitions);
    int ids = 2 + random.nextInt(10);
    for (int offset = 0; offset < count; offset++) {
      String id = "image-" + random.nextInt(ids);
      int idPartition = Math.floorMod(id.hashCode(), images.size());
      Content content =
          random.nextInt(5) == 0 ? null : contents.get(random.nextInt(contents.size()));
      // Clocks of producers differ, so that times neither rise with offsets nor are all different.
      images
          .get(idPartition)
          .add(
              new Change(
                  id,
                  content,
                  new Revision("images", idPartition, offset),
                  offset / 2 + random.nextInt(4),
                  random.nextInt(10) == 0,
                  decisions.origin(random)));
    }
    return images;
  }

  private static List<List<Change>> none(int idPartitions) {
    return IntStream.range(0, idPartitions).<List<Change>>mapToObj(_ -> new ArrayList<>()).toList();
  }

  /// What happens to an image in a {@link #small} world.
  ///
  /// @param id of the image
  /// @param home the partition of its picture from now on, 0 or 1; negative where it is deleted
  record Step(int id, int home) {}

  /// Two partitions, and pictures at either that match each other.
  ///
  /// @param reach that of matches
  /// @param steps in the order of their offsets
  /// @param apart whether each image has a partition of images, and a placement task, of its own
  static SimulatedSetup small(Reach reach, List<Step> steps, boolean apart, Limits limits) {
    HashCode zero = HashCode.fromHex("0000");
    HashCode one = HashCode.fromHex("00ff");
    CenterTable centers = new CenterTable(16, List.of(zero, one), List.of("zero", "one"));
    Fingerprint print = new Fingerprint(HashCode.fromHex("0".repeat(64)), 100);
    List<Content> contents =
        List.of(
            new Content(zero, print, new Sha256(0, 0, 0, 0)),
            new Content(one, print, new Sha256(1, 0, 0, 0)));
    List<List<Change>> images = none(apart ? 2 : 1);
    for (int offset = 0; offset < steps.size(); offset++) {
      Step step = steps.get(offset);
      int idPartition = apart ? step.id() % 2 : 0;
      images
          .get(idPartition)
          .add(
              new Change(
                  "image-" + step.id(),
                  step.home() < 0 ? null : contents.get(step.home()),
                  new Revision("images", idPartition, offset),
                  offset,
                  false,
                  Origin.UNKNOWN));
    }
    return new SimulatedSetup(
        new Routing(centers, 2, List.of(0, 1)),
        new MatchPolicy(reach, 8, 31, null),
        images,
        limits);
  }
}
