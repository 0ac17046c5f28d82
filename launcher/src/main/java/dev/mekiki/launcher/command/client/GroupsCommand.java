package dev.mekiki.launcher.command.client;

import dev.mekiki.client.MekikiClient;
import dev.mekiki.launcher.command.options.ExitCode;
import dev.mekiki.launcher.command.options.JsonOption;
import dev.mekiki.launcher.command.options.Table;
import dev.mekiki.schemas.v1.GetGroupRequest;
import dev.mekiki.schemas.v1.GetGroupResponse;
import dev.mekiki.schemas.v1.GetImageGroupRequest;
import dev.mekiki.schemas.v1.Group;
import dev.mekiki.schemas.v1.GroupMember;
import dev.mekiki.schemas.v1.ListGroupsRequest;
import dev.mekiki.schemas.v1.ListGroupsResponse;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "groups",
    description = {
      "Print the groups of images that are copies of one another, or the group of one image,",
      "where groups are kept (mekiki.groups=on)."
    },
    footer = {
      "",
      "Every member is a copy of the first. Ends with 1 where there is no group.",
      "",
      "Examples:",
      "  mekiki groups",
      "  mekiki groups shop/4711.jpg",
      "  mekiki groups --limit 100000 --json"
    })
public final class GroupsCommand implements Callable<Integer> {
  private static final int PAGE = 1000;

  @Spec private CommandSpec spec;
  @Mixin private ServerOption server;
  @Mixin private JsonOption json;

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "IMAGE",
      description = "The id of an image: print its group with the members.")
  private @Nullable String image;

  @Option(
      names = "--tenant",
      paramLabel = "NAME",
      description = "Only groups of this tenant; '' for the default one.")
  private @Nullable String tenant;

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "100",
      description = "Most groups or members to print (default: ${DEFAULT-VALUE}).")
  private int limit;

  @Override
  public Integer call() {
    if (limit < 1) {
      throw new ParameterException(
          spec.commandLine(), "--limit: %d (expected: at least 1)".formatted(limit));
    }
    PrintWriter out = spec.commandLine().getOut();
    try (MekikiClient client = server.connect()) {
      boolean any = image == null ? list(client, out) : members(client, image, out);
      out.flush();
      return any ? ExitCode.OK : ExitCode.FAILED;
    }
  }

  private boolean list(MekikiClient client, PrintWriter out) {
    Table table = new Table().row("IMAGES", "CONTENTS", "KIND", "TENANT", "OLDEST IMAGE");
    int printed = 0;
    String cursor = "";
    do {
      ListGroupsRequest.Builder request =
          ListGroupsRequest.newBuilder()
              .setLimit(Math.min(PAGE, limit - printed))
              .setCursor(cursor);
      if (tenant != null) {
        request.setTenant(tenant);
      }
      ListGroupsResponse page = client.groups(request.build());
      for (Group group : page.getGroupsList()) {
        if (json.isSet()) {
          out.println(JsonOption.of(group));
        } else {
          table.row(
              size(group),
              group.getContents(),
              group.getKind(),
              group.getTenant(),
              group.getRepresentative().getImageId());
        }
      }
      printed += page.getGroupsCount();
      cursor = page.getNextCursor();
    } while (!cursor.isEmpty() && printed < limit);
    if (!json.isSet()) {
      if (printed == 0) {
        out.println("no groups");
      } else {
        table.print(out);
      }
      if (!cursor.isEmpty()) {
        out.println("there are more (--limit)");
      }
    }
    return printed > 0;
  }

  private boolean members(MekikiClient client, String id, PrintWriter out) {
    GetGroupResponse page =
        client.groupOf(
            GetImageGroupRequest.newBuilder()
                .setImageId(id)
                .setLimit(Math.min(PAGE, limit))
                .build());
    Group.Builder group = page.getGroup().toBuilder();
    String cursor = page.getNextCursor();
    while (!cursor.isEmpty() && group.getMembersCount() < limit) {
      page =
          client.group(
              GetGroupRequest.newBuilder()
                  .setId(group.getId())
                  .setLimit(Math.min(PAGE, limit - group.getMembersCount()))
                  .setCursor(cursor)
                  .build());
      group.addAllMembers(page.getGroup().getMembersList());
      cursor = page.getNextCursor();
    }
    group.setTruncated(!cursor.isEmpty());
    if (json.isSet()) {
      out.println(JsonOption.of(group.build()));
      return true;
    }
    out.printf(
        "%s: %s images of %d contents, group %s%n%n",
        group.getKind(), size(group.build()), group.getContents(), group.getId());
    Table table = new Table().row("BYTES (SHA-256)", "IMAGE");
    for (GroupMember member : group.getMembersList()) {
      table.row(
          member.getSha256().substring(0, Math.min(16, member.getSha256().length())),
          member.getImageId());
    }
    table.print(out);
    if (group.getTruncated()) {
      out.println("there are more (--limit)");
    }
    return true;
  }

  private static String size(Group group) {
    return group.getSize() + (group.getCapped() ? " or more" : "");
  }
}
