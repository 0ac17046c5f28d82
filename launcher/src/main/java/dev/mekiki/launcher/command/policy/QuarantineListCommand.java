package dev.mekiki.launcher.command.policy;

import com.google.protobuf.util.Timestamps;
import dev.mekiki.client.MekikiClient;
import dev.mekiki.launcher.command.client.ServerOption;
import dev.mekiki.launcher.command.options.ExitCode;
import dev.mekiki.launcher.command.options.JsonOption;
import dev.mekiki.launcher.command.options.Table;
import dev.mekiki.schemas.v1.ListQuarantineResponse;
import dev.mekiki.schemas.v1.QuarantinedPicture;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
    name = "list",
    description = {
      "Print the pictures that match too often and make no events for now: how many images, since"
          + " when, some of their ids, and how to mute the picture for good.",
      "What has held back most images comes first."
    },
    footer = {"", "Example:", "  mekiki quarantine list"})
final class QuarantineListCommand implements Callable<Integer> {
  private static final int SHOWN_EXAMPLES = 2;

  @Spec private CommandSpec spec;
  @Mixin private ServerOption server;
  @Mixin private JsonOption json;

  @Override
  public Integer call() {
    ListQuarantineResponse held;
    try (MekikiClient client = server.connect()) {
      held = client.policy().quarantine();
    }
    PrintWriter out = spec.commandLine().getOut();
    if (json.isSet()) {
      held.getPicturesList().forEach(picture -> out.println(JsonOption.of(picture)));
    } else if (held.getPicturesCount() == 0) {
      out.println("nothing is in quarantine");
    } else {
      Table table = new Table().row("IMAGES", "SINCE", "EXAMPLES", "TO MUTE IT");
      held.getPicturesList()
          .forEach(picture ->
              table.row(
                  picture.getImages(),
                  Timestamps.toString(picture.getSince()),
                  examples(picture),
                  "mekiki mute add --fingerprint %s --radius %d"
                      .formatted(picture.getFingerprint(), picture.getRadius())));
      table.print(out);
    }
    out.flush();
    PrintWriter err = spec.commandLine().getErr();
    if (held.getLeftOut() > 0) {
      err.printf("%d more pictures are in quarantine%n", held.getLeftOut());
    }
    if (!held.getComplete()) {
      err.println("not every index instance answered: what its partitions hold back is missing");
    }
    err.flush();
    return ExitCode.OK;
  }

  private static String examples(QuarantinedPicture picture) {
    String shown =
        picture.getExamplesList().stream()
            .limit(SHOWN_EXAMPLES)
            .map(Table::visible)
            .collect(Collectors.joining(", "));
    return picture.getImages() > SHOWN_EXAMPLES ? shown + ", ..." : shown;
  }
}
