package dev.mekiki.launcher.command.policy;

import com.google.protobuf.util.Timestamps;
import dev.mekiki.client.MekikiClient;
import dev.mekiki.launcher.command.client.ServerOption;
import dev.mekiki.launcher.command.options.AuthorOption;
import dev.mekiki.launcher.command.options.ExitCode;
import dev.mekiki.launcher.command.options.JsonOption;
import dev.mekiki.schemas.image.ExpireTime;
import dev.mekiki.schemas.v1.Rematch;
import dev.mekiki.schemas.v1.StartRematchRequest;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/// `mekiki rematch`: begins a job and follows it; commands of its own show and cancel it.
@Command(
    name = "rematch",
    description = {
      "Apply what is decided now to images that are stored: report pairs that were silent because"
          + " of a",
      "mute, a verdict or a threshold that was taken back since, and none that was reported before."
    },
    subcommands = {RematchStatusCommand.class, RematchCancelCommand.class},
    footer = {
      "",
      "It goes on in the query services, whether this command waits for its end or not.",
      "",
      "Examples:",
      "  mekiki rematch",
      "  mekiki rematch --since 2026-11-01T00:00:00Z --tenant shop --fingerprint-radius 20",
      "  mekiki rematch --rate 1000 --detach",
      "  mekiki rematch status"
    })
public final class RematchCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private ServerOption server;
  @Mixin private JsonOption json;
  @Mixin private AuthorOption author;

  @Option(
      names = "--since",
      paramLabel = "TIME",
      converter = SinceOption.class,
      description = {
        "Pairs whose later image was sent from then on: a time such as 2026-11-01T00:00:00Z,",
        "or milliseconds since 1970 (default: all)."
      })
  private @Nullable Long since;

  @Option(
      names = "--tenant",
      paramLabel = "NAME",
      description = "Pairs of this tenant alone; '' for the default one.")
  private @Nullable String tenant;

  @Option(
      names = "--fingerprint-radius",
      paramLabel = "N",
      description = {
        "Largest fingerprint distance of a DUPLICATE, at most that of the generation (default:"
            + " that)."
      })
  private @Nullable Integer fingerprintRadius;

  @Option(
      names = "--rate",
      paramLabel = "N",
      description = "Most images looked up in a second, 1 to 10000 (default: 200).")
  private @Nullable Integer rate;

  @Option(names = "--detach", description = "Do not wait for its end.")
  private boolean detach;

  @Override
  public Integer call() {
    StartRematchRequest.Builder request = StartRematchRequest.newBuilder().setAuthor(author.name());
    if (since != null) {
      request.setSince(Timestamps.fromMillis(since));
    }
    if (tenant != null) {
      request.setTenant(tenant);
    }
    if (fingerprintRadius != null) {
      request.setFingerprintRadius(fingerprintRadius);
    }
    if (rate != null) {
      request.setRate(rate);
    }
    RematchReport report = new RematchReport(spec.commandLine().getOut(), json.isSet());
    try (MekikiClient client = server.connect()) {
      Rematch begun = client.policy().start(request.build());
      if (detach) {
        report.print(begun);
        return ExitCode.OK;
      }
      return report.follow(client.policy(), begun);
    }
  }

  static final class SinceOption implements ITypeConverter<Long> {
    @Override
    public Long convert(String value) {
      try {
        return ExpireTime.parse("since", value);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(String.valueOf(e.getMessage()));
      }
    }
  }
}
