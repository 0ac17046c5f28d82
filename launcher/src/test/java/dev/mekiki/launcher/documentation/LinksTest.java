package dev.mekiki.launcher.documentation;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Links of Markdown pages: files and anchors exist, addresses elsewhere are well formed. Nothing
/// is fetched.
class LinksTest {
  private static final Map<Path, Page> PAGES = Page.all();

  @Test
  void everyLinkLeadsSomewhere() {
    List<String> broken = new ArrayList<>();
    for (Page page : PAGES.values()) {
      for (String link : page.links()) {
        String problem = problem(page, link);
        if (problem != null) {
          broken.add("%s: %s: %s".formatted(page.name(), link, problem));
        }
      }
    }

    assertThat(PAGES).isNotEmpty();
    assertThat(broken).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "absent.md",
        "README.md#no-such-heading",
        "#no-such-heading",
        "../outside.md",
        "http://example.org/",
        "https:///path",
        "https://exa mple.org/"
      })
  void aBrokenLinkIsFound(String link) {
    Page page = Page.of(Page.ROOT.resolve("TRIAL.md"), "# A heading\n");

    assertThat(problem(page, link)).isNotNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"README.md", "#a-heading", "docs", "https://example.org/path#anchor"})
  void aGoodLinkIsNot(String link) {
    Page page = Page.of(Page.ROOT.resolve("TRIAL.md"), "# A heading\n");

    assertThat(problem(page, link)).isNull();
  }

  /// What is wrong with a link of a page; null if nothing is.
  private static @Nullable String problem(Page page, String link) {
    if (link.matches("[a-z]+:.*")) {
      return problemOfAddress(link);
    }
    int hash = link.indexOf('#');
    String file =
        URLDecoder.decode(hash < 0 ? link : link.substring(0, hash), StandardCharsets.UTF_8);
    Path target = file.isEmpty() ? page.path() : page.path().resolveSibling(file).normalize();
    if (!target.startsWith(Page.ROOT)) {
      return "leads out of the repository";
    }
    if (!target.equals(page.path()) && !Files.exists(target)) {
      return "no such file";
    }
    if (hash < 0) {
      return null;
    }
    Page named = target.equals(page.path()) ? page : PAGES.get(target);
    if (named == null) {
      return "an anchor in what is no Markdown page";
    }
    return named.anchors().contains(link.substring(hash + 1))
        ? null
        : "no such heading (expected one of %s)".formatted(named.anchors());
  }

  private static @Nullable String problemOfAddress(String link) {
    try {
      URI address = URI.create(link);
      if (!"https".equals(address.getScheme())) {
        return "expected https";
      }
      return address.getHost() == null ? "no host" : null;
    } catch (IllegalArgumentException malformed) {
      return malformed.getMessage();
    }
  }
}
