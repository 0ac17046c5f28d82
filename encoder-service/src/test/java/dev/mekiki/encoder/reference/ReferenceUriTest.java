package dev.mekiki.encoder.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.mekiki.encoder.reference.ReferenceException.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReferenceUriTest {
  @ParameterizedTest
  @CsvSource({
    "HTTPS://Example.COM, https://example.com/",
    "https://example.com:443/a, https://example.com/a",
    "http://example.com:80/a, http://example.com/a",
    "https://example.com:80/a, https://example.com:80/a",
    "https://example.com/a/./b/../c, https://example.com/a/c",
    "https://example.com/a/b/.., https://example.com/a/",
    "https://example.com/a/b/., https://example.com/a/b/",
    "https://example.com/../../a, https://example.com/a",
    "https://example.com/a/%2e%2e/b, https://example.com/b",
    "https://example.com/a/.%2E/b, https://example.com/b",
    "https://example.com/a//../b, https://example.com/a/b",
    "https://example.com/%61%7Eb, https://example.com/a~b",
    "https://example.com/%c3%a4, https://example.com/%C3%A4",
    "https://example.com/a%20b+c, https://example.com/a%20b+c",
    "https://example.com/100%25, https://example.com/100%25",
    "http://[::1]/a, http://[0:0:0:0:0:0:0:1]/a",
    "http://[::ffff:127.0.0.1]:8080/a, http://127.0.0.1:8080/a",
    "http://10.0.0.1/a, http://10.0.0.1/a",
    "file:/data/../a.jpg, file:///a.jpg",
    "file://localhost/data/a.jpg, file:///data/a.jpg",
    "s3://Bucket/a%3Fb, s3://Bucket/a%3Fb",
    "s3://my_bucket, s3://my_bucket/",
  })
  void oneFormForWhatIsTheSame(String text, String form) throws ReferenceException {
    assertThat(ReferenceUri.parse(text)).hasToString(form);
    assertThat(ReferenceUri.parse(form)).hasToString(form);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "a.jpg",
        "/a.jpg",
        "//example.com/a.jpg",
        "ftp://example.com/a.jpg",
        "jar:file:/a.jar!/a.jpg",
        "http:a.jpg",
        "file:a.jpg",
        "file://other/a.jpg",
        "file:///a.jpg?x",
        "https://example.com/a.jpg#part",
        "https://user@example.com/a.jpg",
        "https://user:secret@example.com/a.jpg",
        "https://example.com@127.0.0.1/a.jpg",
        "https:\\\\example.com\\a.jpg",
        "https://example.com\\@127.0.0.1/a.jpg",
        "https://example.com/a b.jpg",
        "https://example.com/a\r\nhost: x",
        "https://example.com/ä.jpg",
        "https://exämple.com/a.jpg",
        "https://example。com/a.jpg",
        "https://example.com./a.jpg",
        "https://example.com:0/a.jpg",
        "https://example.com:65536/a.jpg",
        "https:///a.jpg",
        "https://example.com/%",
        "https://example.com/%zz",
        "https://example.com/a/..%2fb",
        "https://example.com/a/..%5Cb",
        "https://example.com/a%00.jpg",
        "https://example.com/a%0d%0ab",
        "https://example.com/a/%252e%252e/b",
        "https://example.com/a/%25252E%25252E/b",
        "https://example.com/a%252fb",
        "https://example.com/a/..;x/b",
        "https://example.com/a/%2e%2e%3Bx/b",
        "https://example.com/%c0%ae%c0%ae/b",
        "https://example.com/%E4",
        // Loopback, as some programs read it.
        "http://2130706433/",
        "http://0x7f000001/",
        "http://0x7f.0.0.1/",
        "http://017700000001/",
        "http://0177.0.0.1/",
        "http://127.0.0.01/",
        "http://127.1/",
        "http://127.0.1/",
        "http://0/",
        "http://127.0.0.1./",
        "http://[fe80::1%25eth0]/",
        "http://[::1/",
        "s3://",
        "s3:///key",
        "s3://bucket:9000/key",
        "s3://arn:aws:s3:::bucket/key",
        "s3://bucket/key?versionId=1",
      })
  void whatMayBeReadInAnotherWayIsRefused(String text) {
    assertThatExceptionOfType(ReferenceException.class)
        .isThrownBy(() -> ReferenceUri.parse(text))
        .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.REFUSED))
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("secret"));
  }

  @Test
  void longUriIsRefused() {
    assertThatExceptionOfType(ReferenceException.class)
        .isThrownBy(() -> ReferenceUri.parse("https://example.com/" + "a".repeat(8192)))
        .withMessageContaining("8192");
  }

  @Test
  void queryIsAskedForAndNotShown() throws ReferenceException {
    ReferenceUri uri = ReferenceUri.parse("https://example.com/a?signature=..%2F&b=1");

    assertThat(uri.target()).isEqualTo("/a?signature=..%2F&b=1");
    assertThat(uri).hasToString("https://example.com/a");
  }

  @ParameterizedTest
  @CsvSource({
    "b.jpg, https://example.com/a/b.jpg",
    "../b.jpg, https://example.com/b.jpg",
    "/b.jpg, https://example.com/b.jpg",
    "//other.example/b.jpg, https://other.example/b.jpg",
    "http://other.example/b.jpg, http://other.example/b.jpg",
  })
  void redirectIsReadFromWhereItIsMet(String location, String target) throws ReferenceException {
    ReferenceUri from = ReferenceUri.parse("https://example.com/a/x?secret");

    assertThat(from.redirected(location)).hasToString(target);
  }

  @ParameterizedTest
  @CsvSource({
    "https://user:secret@example.com/a?secret#secret, https://example.com/a",
    "https://example.com/a@b, https://example.com/a@b",
    "https:\\\\user:secret@example.com, https:\\\\example.com",
    "https://example.com#secret?secret, https://example.com",
    "no uri?secret, no uri",
    "user:secret@example.com, example.com",
    "file:///a.jpg, file:///a.jpg",
  })
  void secretsAreLeftOutOfWhateverATextIs(String text, String shown) {
    assertThat(ReferenceUri.withoutSecrets(text)).isEqualTo(shown);
  }

  @ParameterizedTest
  @CsvSource({
    "https://example.com/shop, https://example.com/shop, true",
    "https://example.com/shop, https://example.com/shop/a, true",
    "https://example.com/shop, https://example.com/shop?a, true",
    "https://example.com/shop, https://example.com/shopping/a, false",
    "https://example.com/shop/, https://example.com/shop, false",
    "https://example.com/shop/, https://example.com/shop/../b, false",
    "https://example.com/shop/, https://example.com/shop/%2E%2e/b, false",
    "https://example.com/shop/, http://example.com/shop/a, false",
    "https://example.com/shop/, https://example.com:444/shop/a, false",
    "HTTPS://EXAMPLE.com:443, https://example.com/a, true",
    "https://example.com, https://example.com.evil.example/a, false",
    "https://example.com, https://www.example.com/a, false",
    "https://, https://example.com/a, true",
    "https://, http://example.com/a, false",
    "file:///data, file:///data/a, true",
    "file:///data, file:///database/a, false",
    "file:///data, file:///data/../etc/passwd, false",
    "file://, file:///etc/passwd, true",
    "s3://bucket, s3://bucket/a, true",
    "s3://bucket, s3://bucket2/a, false",
    "s3://bucket/a/, s3://bucket/a/b, true",
  })
  void prefixEndsAtASlash(String prefix, String uri, boolean covered) throws ReferenceException {
    assertThat(new AllowedPrefix.Format().convert(prefix).covers(ReferenceUri.parse(uri)))
        .isEqualTo(covered);
  }
}
