package dev.mekiki.launcher.command.options;

import dev.mekiki.broker.BrokerSettings;
import dev.mekiki.runtime.config.Converters;
import dev.mekiki.runtime.config.ListenConfig;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.microprofile.config.spi.Converter;

/// What `mekiki broker` is configured by.
@ConfigMapping(prefix = "mekiki")
public interface BrokerConfig {
  Broker broker();

  /// `mekiki.broker.*`.
  interface Broker extends ListenConfig {
    /// Directory that topics are kept in.
    @WithDefault(".mekiki/broker")
    Path dataDir();

    @Override
    @WithDefault("127.0.0.1")
    String host();

    @Override
    @WithConverter(Converters.Port.class)
    @WithDefault("9092")
    int port();

    /// host:port that the broker advertises to clients. Absent: where it listens, by the machine's
    /// name where that is every address.
    Optional<@WithConverter(HostAndPort.class) String> advertisedAddress();

    /// A second port, for clients that reach this broker by another address, such as those outside
    /// a container network. Absent: none.
    Optional<@WithConverter(Converters.Port.class) Integer> externalPort();

    /// host:port that the broker advertises to clients of the second port. Absent: `localhost` and
    /// that port.
    Optional<@WithConverter(HostAndPort.class) String> externalAddress();

    /// These values as the broker takes them.
    default BrokerSettings settings() {
      return new BrokerSettings(dataDir(), host(), port())
          .advertising(
              advertisedAddress().map(HostAndPort::endpoint).orElse(null),
              externalPort()
                  .map(external ->
                      new BrokerSettings.External(
                          external,
                          externalAddress()
                              .map(HostAndPort::endpoint)
                              .orElseGet(() -> new BrokerSettings.Endpoint("localhost", external))))
                  .orElse(null));
    }
  }

  /// host:port.
  final class HostAndPort implements Converter<String> {
    private static final Pattern ADDRESS = Pattern.compile("(\\S+):(\\d{1,5})");

    @Override
    public String convert(String value) {
      var _ = endpoint(value);
      return value;
    }

    static BrokerSettings.Endpoint endpoint(String value) {
      Matcher matcher = ADDRESS.matcher(value);
      if (!matcher.matches()) {
        throw new IllegalArgumentException("expected: host:port");
      }
      return new BrokerSettings.Endpoint(
          matcher.group(1), Converters.inRange(matcher.group(2), 1, 65_535));
    }
  }
}
