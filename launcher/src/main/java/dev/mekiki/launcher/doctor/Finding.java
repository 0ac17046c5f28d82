package dev.mekiki.launcher.doctor;

/// What one check found.
///
/// @param check what was looked at, such as `broker`
/// @param message what was found, in a sentence
/// @param remedy what to do about it; empty where that is nothing
public record Finding(String check, Level level, String message, String remedy) {
  /// How bad it is.
  public enum Level {
    /// As it should be.
    OK,
    /// Mekiki works, and will not as well or as long as it could.
    WARN,
    /// Mekiki does not work so.
    FAIL
  }

  static Finding ok(String check, String message) {
    return new Finding(check, Level.OK, message, "");
  }

  static Finding warn(String check, String message, String remedy) {
    return new Finding(check, Level.WARN, message, remedy);
  }

  static Finding fail(String check, String message, String remedy) {
    return new Finding(check, Level.FAIL, message, remedy);
  }
}
