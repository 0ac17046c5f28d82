package dev.mekiki.launcher.allinone;

import dev.mekiki.runtime.config.Configuration;
import java.util.Map;

/// Where the services' configuration comes from: what the user said, completed by what is known
/// only while the process starts, such as the address of a part that has bound a free port.
@FunctionalInterface
public interface Configurations {
  /// What is configured.
  ///
  /// @param presets values of keys that the user has not set in any way
  /// @param overrides values that win over what the user has set
  /// @throws dev.mekiki.runtime.StartException listing all that is wrong with it
  Configuration load(Map<String, String> presets, Map<String, String> overrides);
}
