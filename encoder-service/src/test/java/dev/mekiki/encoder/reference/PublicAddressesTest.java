package dev.mekiki.encoder.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PublicAddressesTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "0.0.0.0",
        "0.1.2.3",
        "10.0.0.1",
        "100.64.0.1",
        "127.0.0.1",
        "127.255.255.255",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.8",
        "192.0.2.1",
        "192.88.99.1",
        "192.168.1.1",
        "198.18.0.1",
        "198.19.255.255",
        "198.51.100.1",
        "203.0.113.1",
        "224.0.0.1",
        "239.255.255.255",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::7f00:1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "::ffff:a9fe:a9fe",
        "64:ff9b::127.0.0.1",
        "64:ff9b::a9fe:a9fe",
        "64:ff9b:1::1",
        "100::1",
        "2001::1",
        "2001:db8::1",
        "2002:7f00:1::",
        "3fff::1",
        "fc00::1",
        "fd00:ec2::254",
        "fe80::1",
        "fec0::1",
        "ff02::1",
      })
  void notPublic(String address) {
    assertThat(PublicAddresses.contains(InetAddress.ofLiteral(address))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1.1.1.1",
        "8.8.8.8",
        "100.63.255.255",
        "172.15.0.1",
        "172.32.0.1",
        "192.0.1.1",
        "223.255.255.255",
        "::ffff:8.8.8.8",
        "64:ff9b::8.8.8.8",
        "2001:4860:4860::8888",
        "2606:4700::1111",
      })
  void everybodysAddress(String address) {
    assertThat(PublicAddresses.contains(InetAddress.ofLiteral(address))).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "10.1.0.0/16, http://a.example/, 10.1.2.3, true",
    "10.1.0.0/16, http://a.example/, 10.2.2.3, false",
    "10.1.0.0/16, http://a.example/, ::1, false",
    "127.0.0.0/8, http://a.example/, ::1, false",
    "0.0.0.0/0, http://a.example/, fd00::1, false",
    "::/0, http://a.example/, 10.0.0.1, false",
    "10.1.2.3, http://a.example/, 10.1.2.3, true",
    "10.1.2.3, http://a.example/, 10.1.2.4, false",
    "fd00::/8, http://a.example/, fd12::1, true",
    "fd00::/8, http://a.example/, fe80::1, false",
    "::1/128, http://a.example/, ::1, true",
    "0.0.0.0/0, http://a.example/, 169.254.169.254, true",
    "minio:9000, http://minio:9000/, 10.1.2.3, true",
    "MinIO:9000, http://minio:9000/, 10.1.2.3, true",
    "minio:9000, http://minio:9001/, 10.1.2.3, false",
    "minio:9000, http://minio.example:9000/, 10.1.2.3, false",
    "127.0.0.1:80, http://127.0.0.1/, 127.0.0.1, true",
    "'[::1]:80', 'http://[::1]/', ::1, true",
  })
  void listedNetworkOrServer(String listed, String uri, String address, boolean permitted)
      throws ReferenceException {
    assertThat(
            new PrivateNetwork.Format()
                .convert(listed)
                .permits(ReferenceUri.parse(uri), InetAddress.ofLiteral(address)))
        .isEqualTo(permitted);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "minio", "10.0.0.0/33", "10.0.0.0/-1", "10.0/8", "10/8", "host/8", "a:b:c"})
  void neitherNetworkNorServerIsRefused(String text) {
    assertThatThrownBy(() -> new PrivateNetwork.Format().convert(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected: a network such as");
  }
}
