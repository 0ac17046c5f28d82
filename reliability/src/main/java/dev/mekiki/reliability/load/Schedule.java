package dev.mekiki.reliability.load;

import dev.mekiki.reliability.load.Operation.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;

/// A random sequence of operations: the same seed gives the same one. It does not depend on what
/// becomes of them.
public final class Schedule {
  /// Ways into the system: the query services, and Kafka itself.
  static final int LANES = 3;

  private static final int FIRST_OF_AFTERLIFE = 100_000_000;

  private static final int SEARCH_PERCENT = 40;

  /// Whose images lie on one of the shelves; those on all others are of the default tenant.
  static final String TENANT = "shop";

  private static final String SHELF_OF_TENANT = "é";

  /// Characters of one to four UTF-8 bytes make the order of ids matter.
  private static final List<String> SHELVES =
      List.of("a", SHELF_OF_TENANT, "\uFFFD", "\uD83D\uDE00");

  private final Random random;
  private final Pictures pictures;
  private final Map<String, Integer> current = new LinkedHashMap<>();
  private int ids;
  private int number;

  /// @param pictures what is sent
  public Schedule(long seed, Pictures pictures) {
    this.random = new Random(seed);
    this.pictures = pictures;
  }

  /// Whose images are sent.
  public static List<String> tenants() {
    return List.of("", TENANT);
  }

  /// Images alone, all of them due at once: what is there before the load begins.
  public List<Operation> beginning(int count) {
    List<Operation> operations = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      operations.add(add(Duration.ZERO));
    }
    return operations;
  }

  /// A steady load without an end, in the order of time. What is taken of it decides what is there.
  ///
  /// @param perSecond operations, searches included
  public Iterator<Operation> steady(double perSecond) {
    double[] seconds = {0};
    return Stream.generate(
            () -> {
              seconds[0] += -Math.log(1 - random.nextDouble()) / perSecond;
              return next(Duration.ofMillis(Math.round(seconds[0] * 1_000)));
            })
        .iterator();
  }

  /// Images, then the deletion of each, and then the same pictures under other ids. The ids and
  /// numbers are those of no other operation.
  ///
  /// @param seed of the pictures
  public static List<List<Operation>> afterlife(long seed, Pictures pictures, int count) {
    Random random = new Random(seed);
    List<List<Operation>> phases = List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    for (int i = 0; i < count; i++) {
      int picture = random.nextInt(pictures.count());
      int number = FIRST_OF_AFTERLIFE + 3 * i;
      String id = "removed/" + i;
      phases.get(0).add(new Operation(number, Duration.ZERO, Kind.ADD, id, picture, 0, 1, ""));
      phases.get(1).add(new Operation(number + 1, Duration.ZERO, Kind.DELETE, id, 0, 0, 1, ""));
      phases
          .get(2)
          .add(
              new Operation(
                  number + 2, Duration.ZERO, Kind.ADD, "copy/" + i, picture, LANES - 1, 1, ""));
    }
    return phases;
  }

  private Operation next(Duration due) {
    if (random.nextInt(100) < SEARCH_PERCENT) {
      return random.nextBoolean()
          ? operation(due, Kind.SEARCH_BY_ID, anyId(), 0)
          : operation(due, Kind.SEARCH_BY_PICTURE, "", anyPicture());
    }
    int kind = random.nextInt(100);
    if (current.isEmpty() || kind < 45) {
      return add(due);
    }
    if (kind < 65) {
      String id = anyId();
      int picture = anyPicture();
      current.put(id, picture);
      return operation(due, Kind.UPDATE, id, picture);
    }
    if (kind < 77) {
      String id = anyId();
      return operation(due, Kind.REPEAT, id, Objects.requireNonNull(current.get(id), id));
    }
    if (kind < 92) {
      String id = anyId();
      current.remove(id);
      return operation(due, Kind.DELETE, id, 0);
    }
    // Under an id that is there, whose good version must stay, or under one that never is.
    String id = random.nextBoolean() ? anyId() : "bad/" + number;
    return operation(due, Kind.BAD, id, random.nextInt(pictures.badCount()));
  }

  private Operation add(Duration due) {
    String id = newId();
    int picture = anyPicture();
    current.put(id, picture);
    return operation(due, Kind.ADD, id, picture);
  }

  private Operation operation(Duration due, Kind kind, String id, int picture) {
    int limit = random.nextInt(4) == 0 ? 1_000 : 1 + random.nextInt(20);
    return new Operation(
        number++, due, kind, id, picture, random.nextInt(LANES), limit, tenant(kind, id));
  }

  private String tenant(Kind kind, String id) {
    boolean isOfTenant =
        kind == Kind.SEARCH_BY_PICTURE
            ? random.nextInt(3) == 0
            : id.startsWith(SHELF_OF_TENANT + "/") && (kind.isWrite() || random.nextBoolean());
    return isOfTenant ? TENANT : "";
  }

  private String newId() {
    int next = ids++;
    return SHELVES.get(next % SHELVES.size()) + "/" + next;
  }

  private String anyId() {
    int at = random.nextInt(Math.max(1, current.size()));
    return current.keySet().stream().skip(at).findFirst().orElse("never/sent");
  }

  private int anyPicture() {
    return random.nextInt(pictures.count());
  }
}
