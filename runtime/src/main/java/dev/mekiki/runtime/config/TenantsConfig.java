package dev.mekiki.runtime.config;

import dev.mekiki.schemas.image.ImageHeaders;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;

/// `mekiki.tenants.*`: whose images are kept apart. Every service of one installation has the same.
public interface TenantsConfig {
  /// The header of a record on `images` that names whose image it is. A record without it belongs
  /// to the default tenant.
  @WithDefault(ImageHeaders.TENANT)
  String header();

  /// Whether images of different tenants match one another, and are found by everybody's searches.
  @WithConverter(Converters.Switch.class)
  @WithDefault("off")
  boolean shared();
}
