package dev.mekiki.launcher.command.training;

import dev.mekiki.encoding.preprocess.Preprocessing.View;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/// What the codes of a new bundle are averaged over.
final class ViewsOption {
  /// A view's name in options: that of the constant in lower case, with hyphens.
  private static final class ViewName implements ITypeConverter<View> {
    static String of(View view) {
      return view.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    @Override
    public View convert(String name) {
      return Stream.of(View.values())
          .filter(view -> of(view).equals(name))
          .findFirst()
          .orElseThrow(() ->
              new TypeConversionException(
                  "'%s' (expected: %s)"
                      .formatted(
                          name,
                          Stream.of(View.values())
                              .map(ViewName::of)
                              .collect(Collectors.joining(", ")))));
    }
  }

  @Option(
      names = "--views",
      paramLabel = "VIEW",
      split = ",",
      converter = ViewName.class,
      description = {
        "What codes are averaged over, of whole, smoothed, trimmed-6, trimmed-12, trimmed-18 (per cent",
        "off each side), shifted-up, shifted-down (a sixteenth past two edges), mirrored,",
        "trimmed-6-mirrored and so on: more are steadier, and as much more work for encoders (default:",
        "whole,mirrored; of a backbone whole alone; 'adapt' leaves them as they are)."
      })
  private List<View> views = List.of();

  boolean isSet() {
    return !views.isEmpty();
  }

  /// @param otherwise where none are named
  List<View> or(List<View> otherwise) {
    return isSet() ? views : otherwise;
  }

  /// As on the command line, with a space before it; nothing where none are named.
  String argument() {
    return isSet()
        ? " --views " + views.stream().map(ViewName::of).collect(Collectors.joining(","))
        : "";
  }
}
