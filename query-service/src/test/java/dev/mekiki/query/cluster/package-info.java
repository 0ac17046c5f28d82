/// Tests of the cluster's view and of calls to it, against real gRPC servers.
@NullMarked
package dev.mekiki.query.cluster;

import org.jspecify.annotations.NullMarked;
