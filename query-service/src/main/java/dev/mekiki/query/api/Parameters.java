package dev.mekiki.query.api;

import com.linecorp.armeria.common.QueryParams;
import dev.mekiki.schemas.image.ExpireTime;
import dev.mekiki.schemas.text.BoundedText;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// The parameters of one request: those of its query string, and the fields of its form. What has
/// been read is known; {@link #refuseOthers} refuses the rest by name, so that a misspelt parameter
/// is not ignored.
final class Parameters {
  private final Map<String, String> values = new TreeMap<>();
  private final Set<String> known = new TreeSet<>();

  private Parameters() {}

  /// @throws ApiException INVALID_ARGUMENT where a parameter is given twice
  static Parameters of(QueryParams query) {
    Parameters parameters = new Parameters();
    query.forEach(parameters::add);
    return parameters;
  }

  /// @throws ApiException INVALID_ARGUMENT where the name is taken
  void add(String name, String value) {
    if (values.put(name, value) != null) {
      throw ApiException.invalid(
          "%s: given twice (expected: once)".formatted(BoundedText.quote(name)));
    }
  }

  Optional<String> text(String name) {
    known.add(name);
    return Optional.ofNullable(values.get(name));
  }

  Optional<Integer> number(String name) {
    return text(name)
        .map(text -> {
          try {
            return Integer.valueOf(text);
          } catch (NumberFormatException e) {
            throw ApiException.invalid(
                "%s: '%s' (expected: a whole number)".formatted(name, BoundedText.quote(text)));
          }
        });
  }

  /// A time of RFC 3339, or milliseconds since 1970; these.
  Optional<Long> time(String name) {
    return text(name)
        .map(text -> {
          try {
            return ExpireTime.parse(name, text);
          } catch (IllegalArgumentException e) {
            throw ApiException.invalid(String.valueOf(e.getMessage()));
          }
        });
  }

  /// `name`, `name=true` or `name=false`; false where it is absent.
  boolean flag(String name) {
    String text = text(name).orElse("false");
    return switch (text) {
      case "true", "" -> true;
      case "false" -> false;
      default ->
          throw ApiException.invalid(
              "%s: '%s' (expected: true or false)".formatted(name, BoundedText.quote(text)));
    };
  }

  /// All parameters that start with a prefix, by the rest of their names.
  Map<String, String> withPrefix(String prefix) {
    known.add(prefix + "NAME");
    Map<String, String> found = new HashMap<>();
    values.forEach((name, value) -> {
      if (name.startsWith(prefix)) {
        found.put(name.substring(prefix.length()), value);
      }
    });
    return found;
  }

  /// @throws ApiException INVALID_ARGUMENT naming a parameter that was not read
  void refuseOthers() {
    for (String name : values.keySet()) {
      if (!isKnown(name)) {
        throw ApiException.invalid(
            "%s: unknown parameter (expected: %s)"
                .formatted(
                    BoundedText.quote(name), known.isEmpty() ? "none" : String.join(", ", known)));
      }
    }
  }

  private boolean isKnown(String name) {
    return known.contains(name)
        || known.stream()
            .filter(k -> k.endsWith(".NAME"))
            .anyMatch(k -> name.startsWith(k.substring(0, k.length() - "NAME".length())));
  }
}
