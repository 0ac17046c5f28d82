package dev.mekiki.hashing.bucket;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/// The different filterable metadata of all rows, each kept once. One thread adds and releases;
/// readers read whatever a row they see names.
final class MetadataTable {
  /// The number of empty metadata, which is never counted.
  static final int EMPTY = 0;

  private final Map<Map<String, String>, Integer> numbers = new HashMap<>();
  private final IntStack free = new IntStack();
  private int[] uses = new int[1];
  private int size = 1;

  // Java has no arrays of parameterised types.
  @SuppressWarnings({"unchecked", "rawtypes"})
  private volatile Map<String, String>[] values = new Map[] {Map.of()};

  int add(Map<String, String> metadata) {
    if (metadata.isEmpty()) {
      return EMPTY;
    }
    Integer known = numbers.get(metadata);
    int number = known == null ? create(metadata) : known;
    uses[number]++;
    return number;
  }

  private int create(Map<String, String> metadata) {
    int number = free.isEmpty() ? size++ : free.pop();
    Map<String, String>[] present = values;
    if (number == present.length) {
      present = Arrays.copyOf(present, 2 * number);
      uses = Arrays.copyOf(uses, 2 * number);
    }
    present[number] = metadata;
    values = present;
    numbers.put(metadata, number);
    return number;
  }

  void release(int number) {
    if (number != EMPTY && --uses[number] == 0) {
      numbers.remove(values[number]);
      values[number] = Map.of();
      free.push(number);
    }
  }

  Map<String, String> get(int number) {
    return values[number];
  }
}
