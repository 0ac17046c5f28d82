package dev.mekiki.query;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.microprofile.config.spi.Converter;

/// How host:port is written; an IPv6 address stands in brackets.
public final class Address implements Converter<String> {
  private static final Pattern ADDRESS =
      Pattern.compile("(?:[A-Za-z0-9._-]+|\\[[0-9a-fA-F:.]+]):(\\d{1,5})");

  @Override
  public String convert(String value) {
    String address = value.strip();
    Matcher matcher = ADDRESS.matcher(address);
    if (!matcher.matches()
        || Integer.parseInt(matcher.group(1)) < 1
        || Integer.parseInt(matcher.group(1)) > 65_535) {
      throw new IllegalArgumentException("expected: host:port, such as index-1:7072");
    }
    return address;
  }
}
