package dev.mekiki.query.api;

import dev.mekiki.runtime.server.Permissions;
import dev.mekiki.runtime.server.Role;

/// Which role each endpoint of the query service needs. The server does not start where one is
/// missing.
final class EndpointRoles {
  static final Permissions TABLE =
      Permissions.builder()
          .needs(
              Role.READ,
              "POST /v1/search",
              "POST /v1/batch/search",
              "/v1/compare",
              "GET /v1/images",
              "GET ^/v1/images/(?<id>.+)$",
              "/v1/thumbnails",
              "^/v1/thumbnails/(?<id>.+)$",
              "/v1/status",
              "/v1/centers",
              "/v1/centers/sizes",
              "/v1/matches",
              "/v1/groups",
              "/v1/groups/of",
              "^/v1/groups/(?<id>.+)$",
              "GET /v1/mutes",
              "GET /v1/verdicts",
              "/v1/quarantine",
              "GET /v1/tenants",
              "GET /v1/rematch",
              "/mekiki.v1.Mekiki/Search",
              "/mekiki.v1.Mekiki/SearchMany",
              "/mekiki.v1.Mekiki/Compare",
              "/mekiki.v1.Mekiki/GetImage",
              "/mekiki.v1.Mekiki/GetStatus",
              "/mekiki.v1.Mekiki/ListCenters",
              "/mekiki.v1.Mekiki/GetCenterSizes",
              "/mekiki.v1.Mekiki/ListImages",
              "/mekiki.v1.Mekiki/ListMatches",
              "/mekiki.v1.Mekiki/StreamMatches",
              "/mekiki.v1.Groups/ListGroups",
              "/mekiki.v1.Groups/GetGroup",
              "/mekiki.v1.Groups/GetImageGroup",
              "/mekiki.v1.Policy/ListMutes",
              "/mekiki.v1.Policy/ListVerdicts",
              "/mekiki.v1.Policy/ListQuarantine",
              "/mekiki.v1.Policy/ListTenants",
              "/mekiki.v1.Policy/GetRematch")
          .needs(
              Role.WRITE,
              "PUT /v1/images",
              "POST /v1/batch/images",
              "POST /v1/images",
              "DELETE /v1/images",
              "PUT ^/v1/images/(?<id>.+)$",
              "POST ^/v1/images/(?<id>.+)$",
              "DELETE ^/v1/images/(?<id>.+)$",
              "/mekiki.v1.Mekiki/PutImage",
              "/mekiki.v1.Mekiki/PutImages",
              "/mekiki.v1.Mekiki/DeleteImage")
          .needs(
              Role.REVIEW,
              "POST /v1/mutes",
              "DELETE /v1/mutes",
              "^/v1/mutes/(?<id>.+)$",
              "PUT /v1/verdicts",
              "DELETE /v1/verdicts",
              "^/v1/verdicts/(?<id>.+)$",
              "/mekiki.v1.Policy/CreateMute",
              "/mekiki.v1.Policy/DeleteMute",
              "/mekiki.v1.Policy/PutVerdict",
              "/mekiki.v1.Policy/DeleteVerdict")
          .needs(
              Role.OPERATE,
              "PUT /v1/tenants",
              "POST /v1/rematch",
              "DELETE /v1/rematch",
              "/mekiki.v1.Policy/PutTenant",
              "/mekiki.v1.Policy/StartRematch",
              "/mekiki.v1.Policy/CancelRematch")
          .needsAny(
              "/v1/session",
              "/mekiki.v1.Mekiki/GetSession",
              "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo",
              // There is nothing: the answers name what there is.
              "/v1",
              "/v1/*")
          .build();

  private EndpointRoles() {}
}
