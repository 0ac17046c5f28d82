package dev.mekiki.query;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.logging.Level;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.Keys;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/// The page in a headless browser. With `-Dmekiki.screenshots=DIR` it leaves pictures there.
final class Page implements AutoCloseable {
  private static final int MOST_TABS = 200;

  private final ChromeDriver driver;

  /// @param chromium the browser's program, `chromedriver` its driver: both given, so that nothing
  ///   is looked for or downloaded
  /// @param profile a new directory for the browser's data
  private Page(Path chromium, Path chromedriver, Path profile) {
    ChromeOptions options = new ChromeOptions();
    options.setBinary(chromium.toFile());
    options.addArguments(
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--disable-dev-shm-usage",
        "--user-data-dir=" + profile);
    LoggingPreferences logging = new LoggingPreferences();
    logging.enable(LogType.BROWSER, Level.ALL);
    options.setCapability(ChromeOptions.LOGGING_PREFS, logging);
    driver =
        new ChromeDriver(
            new ChromeDriverService.Builder()
                .usingDriverExecutable(chromedriver.toFile())
                .usingAnyFreePort()
                .build(),
            options);
    driver.manage().window().setSize(new Dimension(1360, 1000));
  }

  /// In the browser that is installed; without one the test is skipped.
  ///
  /// @param profile a new directory for the browser's data
  static Page inBrowser(Path profile) throws IOException {
    return new Page(
        onPath("chromium", "chromium-browser", "google-chrome"), onPath("chromedriver"), profile);
  }

  /// The first of these programs on the PATH; without one the test is skipped.
  private static Path onPath(String... names) throws IOException {
    String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
    for (String name : names) {
      for (String folder : path.split(File.pathSeparator, -1)) {
        Path program = Path.of(folder, name);
        if (!folder.isEmpty() && Files.isExecutable(program)) {
          return program.toRealPath();
        }
      }
    }
    Assumptions.abort(
        "the page is tested in a browser: none of %s is on the PATH".formatted(List.of(names)));
    throw new AssertionError("unreachable");
  }

  void open(String url) {
    driver.get(url);
  }

  /// Text as it stands in the document, line breaks included.
  String text(String selector) {
    return String.valueOf(element(selector).getDomProperty("textContent"));
  }

  List<String> texts(String selector) {
    return elements(selector).stream()
        .map(element -> String.valueOf(element.getDomProperty("textContent")))
        .toList();
  }

  int count(String selector) {
    return elements(selector).size();
  }

  boolean visible(String selector) {
    return element(selector).isDisplayed();
  }

  void click(String selector) {
    element(selector).click();
  }

  void choose(String selector, Path... files) {
    element(selector)
        .sendKeys(
            Stream.of(files)
                .map(file -> file.toAbsolutePath().toString())
                .collect(Collectors.joining("\n")));
  }

  void type(String selector, String text) {
    element(selector).sendKeys(text);
  }

  /// Types where the keyboard is.
  void press(CharSequence... keys) {
    new Actions(driver).sendKeys(keys).perform();
  }

  /// Opens a view by its tab.
  void view(String name) {
    click(".tabs [data-view=%s]".formatted(name));
  }

  /// Moves the keyboard to an element.
  void focus(String selector) {
    driver.executeScript("arguments[0].focus({focusVisible: true})", element(selector));
  }

  /// Moves the pointer over an element, from place to place, until a condition holds; false where
  /// it never does.
  boolean hover(String selector, Predicate<Page> condition) {
    WebElement element = element(selector);
    int width = element.getSize().getWidth();
    int height = element.getSize().getHeight();
    for (int y = -height / 4; y <= height / 4; y += height / 12) {
      for (int x = -width / 6; x <= width / 6; x += width / 40) {
        new Actions(driver).moveToElement(element, x, y).perform();
        if (condition.test(this)) {
          return true;
        }
      }
    }
    return false;
  }

  /// Presses the pointer's button where it is.
  void clickHere() {
    new Actions(driver).click().perform();
  }

  @Nullable String attribute(String selector, String name) {
    return element(selector).getDomAttribute(name);
  }

  /// Number of pixels of a canvas that something was drawn on.
  long paintedPixels(String selector) {
    return (long)
        Objects.requireNonNull(
            driver.executeScript(
                """
                const {width, height} = arguments[0];
                const {data} = arguments[0].getContext('2d').getImageData(0, 0, width, height);
                let painted = 0;
                for (let i = 3; i < data.length; i += 4) {
                  painted += data[i] > 0 ? 1 : 0;
                }
                return painted;
                """,
                element(selector)));
  }

  /// Begins to watch for how long the page's thread is busy, and for frames.
  void watchTasks() {
    driver.executeScript(
        """
        window.watched?.disconnect();
        window.longTasks = [];
        window.frames = 0;
        window.watchedSince = performance.now();
        window.watched = new PerformanceObserver((list) => list.getEntries().forEach((task) => {
          window.longTasks.push(task.duration);
        }));
        window.watched.observe({type: 'longtask'});
        const round = ++window.rounds || (window.rounds = 1);
        const frame = () => {
          window.frames++;
          if (round === window.rounds) {
            requestAnimationFrame(frame);
          }
        };
        requestAnimationFrame(frame);
        """);
  }

  /// For how long the page's thread was busy at a time since then, milliseconds ascending; times
  /// below 50 ms are left out.
  List<Double> longTasks() {
    List<?> tasks =
        (List<?>) Objects.requireNonNull(driver.executeScript("return window.longTasks"));
    return tasks.stream().map(task -> ((Number) task).doubleValue()).sorted().toList();
  }

  /// Frames drawn since then.
  double framesASecond() {
    return number("return 1000 * window.frames / (performance.now() - window.watchedSince)");
  }

  /// Asks for dark colours, as a user's settings do.
  void dark() {
    driver.executeCdpCommand(
        "Emulation.setEmulatedMedia",
        Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", "dark"))));
  }

  /// How wide the window is, pixels.
  void width(int pixels) {
    driver.manage().window().setSize(new Dimension(pixels, 1000));
  }

  /// Whether what the page holds is wider than the window.
  boolean isWiderThanWindow() {
    return Boolean.TRUE.equals(
        driver.executeScript(
            "return document.documentElement.scrollWidth > document.documentElement.clientWidth"));
  }

  /// Number of pictures that have been loaded and decoded.
  long loadedPictures(String selector) {
    return elements(selector).stream()
        .filter(picture -> !"0".equals(picture.getDomProperty("naturalWidth")))
        .count();
  }

  /// What axe-core finds to be a serious or critical obstacle to anybody, in what is shown now:
  /// each with its rule, element and reason.
  List<String> obstacles() throws IOException {
    try (InputStream script =
        Objects.requireNonNull(Page.class.getResourceAsStream("/axe.min.js"), "axe.min.js")) {
      driver.executeScript(new String(script.readAllBytes(), StandardCharsets.UTF_8));
    }
    List<?> found =
        (List<?>)
            Objects.requireNonNull(
                driver.executeAsyncScript(
                    """
                    const done = arguments[arguments.length - 1];
                    // What is still appearing has too little contrast for a moment.
                    document.getAnimations().forEach((animation) => animation.finish());
                    axe.run(document, {resultTypes: ['violations']}).then(
                      ({violations}) => done(violations
                        .filter(({impact}) => impact === 'serious' || impact === 'critical')
                        .flatMap(({id, nodes}) => nodes.map(({target, failureSummary}) =>
                          `${id} ${target.join(' ')}: ${failureSummary}`))),
                      (failure) => done([String(failure)]));
                    """));
    return found.stream().map(String::valueOf).toList();
  }

  /// Moves the keyboard by its Tab key alone until it is at an element.
  void tabTo(String selector) {
    for (int i = 0; i < MOST_TABS; i++) {
      press(Keys.TAB);
      if (Boolean.TRUE.equals(
          driver.executeScript("return document.activeElement.matches(arguments[0])", selector))) {
        return;
      }
    }
    throw new AssertionError(selector + " is not reached by the Tab key");
  }

  /// A number that a script returns.
  double number(String script) {
    return ((Number) Objects.requireNonNull(driver.executeScript(script))).doubleValue();
  }

  /// What the browser reported against the content security policy.
  List<String> policyViolations() {
    return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
        .map(LogEntry::getMessage)
        .filter(message -> message.contains("Content Security Policy"))
        .toList();
  }

  void screenshot(String name) throws IOException {
    String directory = System.getProperty("mekiki.screenshots");
    if (directory != null) {
      Path file = Path.of(directory, name + ".png");
      Files.createDirectories(file.getParent());
      Files.write(file, driver.getScreenshotAs(OutputType.BYTES));
    }
  }

  private WebElement element(String selector) {
    return driver.findElement(By.cssSelector(selector));
  }

  private List<WebElement> elements(String selector) {
    return driver.findElements(By.cssSelector(selector));
  }

  @Override
  public void close() {
    driver.quit();
  }
}
