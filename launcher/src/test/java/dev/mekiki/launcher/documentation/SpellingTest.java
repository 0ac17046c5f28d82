package dev.mekiki.launcher.documentation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import morfologik.speller.Speller;
import morfologik.stemming.Dictionary;
import org.junit.jupiter.api.Test;

/// Words of Markdown pages are in a dictionary of American or British English or in `words.txt`,
/// and none of the phrases of `phrases.txt` stands there. Code is not looked at.
class SpellingTest {
  /// Letters, with apostrophes inside. What touches a digit, an underscore, a dot or a slash inside
  /// is a name.
  private static final Pattern WORD =
      Pattern.compile("(?<![\\p{L}\\p{N}_./@-])\\p{L}[\\p{L}'’]*(?![\\p{L}\\p{N}_/@]|\\.\\p{L})");

  /// A capital after the first letter: HTTP, RocksDB.
  private static final Pattern NAME = Pattern.compile("(?<=.)\\p{Lu}");

  private static final Pattern CONTRACTION = Pattern.compile("(n't|'s|'re|'ll|'ve|'d|'m|')$");

  private static final List<Speller> SPELLERS = List.of(speller("en_US"), speller("en_GB"));

  private static final Set<String> WORDS = Set.copyOf(Lines.of("words.txt"));

  private static final Map<Pattern, String> PHRASES = phrases();

  @Test
  void everyWordIsKnown() {
    Set<String> unknown = new TreeSet<>();
    for (Page page : Page.all().values()) {
      for (String run : page.prose()) {
        for (String word : unknownWords(run)) {
          unknown.add(page.name() + ": " + word);
        }
      }
    }

    assertThat(unknown).as("misspelt words (names and terms of the field: words.txt)").isEmpty();
  }

  @Test
  void noPhraseIsUsedThatReadsBadly() {
    List<String> found = new ArrayList<>();
    for (Page page : Page.all().values()) {
      for (String run : page.prose()) {
        PHRASES.forEach((phrase, reason) -> {
          if (phrase.matcher(run).find()) {
            found.add("%s: '%s': %s (%s)".formatted(page.name(), run, phrase.pattern(), reason));
          }
        });
      }
    }

    assertThat(found).isEmpty();
  }

  @Test
  void misspeltWordsAreFound() {
    assertThat(unknownWords("A brokken brokers' index doesn't anwser the encoder's query."))
        .containsExactly("brokken", "anwser");
  }

  @Test
  void namesAreNotSpelt() {
    assertThat(unknownWords("See x86-64, launcher/target, KafkaStreams, HTTP, foo_bar and a.b."))
        .isEmpty();
  }

  private static List<String> unknownWords(String run) {
    return words(run).stream()
        .filter(word ->
            !WORDS.contains(word)
                && !WORDS.contains(word.toLowerCase(Locale.ROOT))
                && SPELLERS.stream().allMatch(speller -> speller.isMisspelled(word)))
        .toList();
  }

  private static List<String> words(String run) {
    List<String> words = new ArrayList<>();
    Matcher matcher = WORD.matcher(run.replace('’', '\''));
    while (matcher.find()) {
      String word = CONTRACTION.matcher(matcher.group()).replaceFirst("");
      if (word.length() > 1 && !NAME.matcher(word).find()) {
        words.add(word);
      }
    }
    return words;
  }

  private static Map<Pattern, String> phrases() {
    return Lines.of("phrases.txt").stream()
        .map(line -> line.split(" *= *", 2))
        .collect(
            Collectors.toMap(
                parts -> Pattern.compile("\\b(" + parts[0] + ")\\b", Pattern.CASE_INSENSITIVE),
                parts -> parts[1]));
  }

  private static Speller speller(String language) {
    String name = "/org/languagetool/resource/en/hunspell/" + language + ".dict";
    try {
      return new Speller(
          Dictionary.read(Objects.requireNonNull(SpellingTest.class.getResource(name), name)));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
