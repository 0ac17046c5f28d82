package dev.mekiki.runtime.config;

import dev.mekiki.schemas.image.ImageHeaders;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import java.util.Set;
import org.eclipse.microprofile.config.spi.Converter;

/// `mekiki.tenants.*`: whose images are kept apart. Every service of one installation has the same.
public interface TenantsConfig {
  /// The header of a record on `images` that names whose image it is. A record without it belongs
  /// to the default tenant.
  @WithConverter(TenantHeader.class)
  @WithDefault(ImageHeaders.TENANT)
  String header();

  /// Whether images of different tenants match one another, and are found by everybody's searches.
  @WithConverter(Converters.Switch.class)
  @WithDefault("off")
  boolean shared();

  /// The name of a header without another meaning, such as `ce_tenant`.
  final class TenantHeader implements Converter<String> {
    private static final Set<String> TAKEN =
        Set.of(
            ImageHeaders.CONTENT_TYPE,
            ImageHeaders.CLOUD_EVENT_SPEC_VERSION,
            ImageHeaders.CLOUD_EVENT_DATA_REFERENCE);

    @Override
    public String convert(String value) {
      String name = value.strip();
      boolean isOther =
          name.startsWith(ImageHeaders.OWN_PREFIX) && !name.equals(ImageHeaders.TENANT);
      if (name.isEmpty() || isOther || TAKEN.contains(name)) {
        throw new IllegalArgumentException(
            "expected: the name of a header without another meaning, such as %s or ce_tenant"
                .formatted(ImageHeaders.TENANT));
      }
      return name;
    }
  }
}
