package dev.mekiki.encoder;

import com.linecorp.armeria.client.WebClient;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What an encoder shows of itself at `/metrics`.
final class EncoderMetric {
  private EncoderMetric() {}

  /// The first value of a metric that has labels; 0 where there is none.
  static double value(EncoderService service, String name) {
    String metrics =
        WebClient.of("http://" + service.address()).blocking().get("/metrics").contentUtf8();
    Matcher value = Pattern.compile(name + "\\{[^}]*} ([0-9.E]+)").matcher(metrics);
    return value.find() ? Double.parseDouble(value.group(1)) : 0;
  }
}
