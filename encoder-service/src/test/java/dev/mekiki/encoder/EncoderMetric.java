package dev.mekiki.encoder;

import com.linecorp.armeria.client.WebClient;
import java.util.regex.Pattern;
import java.util.stream.DoubleStream;

/// What an encoder shows of itself at `/metrics`.
final class EncoderMetric {
  private EncoderMetric() {}

  /// The first value of a metric that has labels; 0 where there is none.
  static double value(EncoderService service, String name) {
    return values(service, name).findFirst().orElse(0);
  }

  /// The sum of a metric over all its labels.
  static double sum(EncoderService service, String name) {
    return values(service, name).sum();
  }

  private static DoubleStream values(EncoderService service, String name) {
    String metrics =
        WebClient.of("http://" + service.address()).blocking().get("/metrics").contentUtf8();
    return Pattern.compile(name + "\\{[^}]*} ([0-9.E]+)")
        .matcher(metrics)
        .results()
        .mapToDouble(value -> Double.parseDouble(value.group(1)));
  }
}
