package dev.mekiki.launcher.command.deadletters;

import dev.mekiki.runtime.deadletter.DeadLetterPosition;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// A position on the command line: `3:1042`.
final class PositionArgument implements ITypeConverter<DeadLetterPosition> {
  @Override
  public DeadLetterPosition convert(String value) {
    try {
      return DeadLetterPosition.parse(value);
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException(e.getMessage());
    }
  }
}
