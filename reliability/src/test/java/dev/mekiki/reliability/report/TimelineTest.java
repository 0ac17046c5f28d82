package dev.mekiki.reliability.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mekiki.reliability.fault.Fault;
import dev.mekiki.reliability.fault.Fault.Kind;
import dev.mekiki.reliability.fault.Fault.Part;
import dev.mekiki.reliability.fault.Happened;
import dev.mekiki.reliability.topics.Progress.Lag;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;

class TimelineTest {
  @Test
  void eachFaultStandsAtItsTime() throws Exception {
    Instant from = Instant.EPOCH;
    Happened fault =
        new Happened(
            new Fault(
                1,
                Duration.ofSeconds(10),
                List.of(new Part(Kind.KILL, List.of("index-1"), Duration.ofSeconds(5)))),
            from.plusSeconds(10),
            from.plusSeconds(15),
            "",
            false);

    String svg =
        Timeline.svg(
            "Seed <1>",
            from,
            from.plusSeconds(100),
            List.of(fault),
            List.of(),
            List.of(new Lag(from.plusSeconds(50), 7, 3, 9)));

    Document document =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
    NodeList texts = document.getElementsByTagName("text");
    assertThat(texts.item(0).getTextContent()).isEqualTo("Seed <1>");
    assertThat(svg).contains("KILL index-1 5 s", "x=\"230.0\"", "width=\"50.0\"");
  }
}
