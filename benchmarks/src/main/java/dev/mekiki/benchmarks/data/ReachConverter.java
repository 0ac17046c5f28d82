package dev.mekiki.benchmarks.data;

import dev.mekiki.hashing.match.Reach;
import java.util.Arrays;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// Reads `--reach`: everywhere or codes, as the configuration writes them.
public final class ReachConverter implements ITypeConverter<Reach> {
  @Override
  public Reach convert(String value) {
    return Arrays.stream(Reach.values())
        .filter(reach -> name(reach).equals(value))
        .findFirst()
        .orElseThrow(() ->
            new TypeConversionException("'%s' (expected: everywhere or codes)".formatted(value)));
  }

  /// As the configuration writes it.
  public static String name(Reach reach) {
    return reach.name().toLowerCase(Locale.ROOT);
  }
}
