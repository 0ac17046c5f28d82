package dev.mekiki.launcher.command.policy;

import com.google.protobuf.ByteString;
import dev.mekiki.client.MekikiClient;
import dev.mekiki.launcher.command.client.ServerOption;
import dev.mekiki.launcher.command.options.AuthorOption;
import dev.mekiki.launcher.command.options.ExitCode;
import dev.mekiki.launcher.command.options.JsonOption;
import dev.mekiki.launcher.command.options.Table;
import dev.mekiki.schemas.v1.CreateMuteRequest;
import dev.mekiki.schemas.v1.Mute;
import dev.mekiki.schemas.v1.MutedFingerprint;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "add",
    description = "Mute an image, or a picture and all that look like it: they make no events.",
    footer = {
      "",
      "A picture with too little structure for a fingerprint is muted by its bytes. Muting the"
          + " same",
      "again replaces author, reason and time. Holds for pairs that are found from then on.",
      "",
      "Examples:",
      "  mekiki mute add --image shop/logo.png --reason 'our logo'",
      "  mekiki mute add --file placeholder.png --radius 20 --reason 'no photo yet'",
      "  mekiki mute add --file banner.png --tenant shop --reason 'banner of the shop'"
    })
final class MuteAddCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private ServerOption server;
  @Mixin private JsonOption json;
  @Mixin private AuthorOption author;

  @ArgGroup(exclusive = true, multiplicity = "1")
  private What what;

  @Option(
      names = "--radius",
      paramLabel = "N",
      description = {
        "Of a fingerprint or file: the largest distance of a fingerprint that is muted, too",
        "(default: the fingerprint radius of matching, 31 unless it is set)."
      })
  private @Nullable Integer radius;

  @Option(
      names = "--tenant",
      paramLabel = "NAME",
      description = "Mute images of this tenant alone; '' for the default tenant.")
  private @Nullable String tenant;

  @Option(names = "--reason", paramLabel = "TEXT", required = true, description = "Why.")
  private String reason = "";

  @Option(
      names = "--force",
      description = "Take a radius above 60, which mutes pictures that have nothing in common.")
  private boolean force;

  @Override
  public Integer call() throws IOException {
    CreateMuteRequest.Builder request =
        CreateMuteRequest.newBuilder().setAuthor(author.name()).setReason(reason).setForce(force);
    what.fill(request);
    if (radius != null) {
      request.setRadius(radius);
    }
    if (tenant != null) {
      request.setTenant(tenant);
    }
    Mute mute;
    try (MekikiClient client = server.connect()) {
      mute = client.policy().create(request.build());
    }
    PrintWriter out = spec.commandLine().getOut();
    out.println(json.isSet() ? JsonOption.of(mute) : "muted " + Table.visible(mute.getId()));
    out.flush();
    return ExitCode.OK;
  }

  static final class What {
    @Option(names = "--image", paramLabel = "ID", description = "An image, whatever its bytes are.")
    private @Nullable String image;

    @Option(
        names = "--fingerprint",
        paramLabel = "HEX",
        description = "All pictures whose fingerprint lies near this one, 64 digits.")
    private @Nullable String fingerprint;

    @Option(
        names = "--file",
        paramLabel = "FILE",
        description = "All pictures that look like the one in this file.")
    private @Nullable Path file;

    private void fill(CreateMuteRequest.Builder request) throws IOException {
      if (image != null) {
        request.setImageId(image);
      } else if (fingerprint != null) {
        request.setFingerprint(MutedFingerprint.newBuilder().setFingerprint(fingerprint));
      } else if (file != null) {
        request.setImage(ByteString.copyFrom(Files.readAllBytes(file)));
      }
    }
  }
}
