/// Tests of the client: against the services, and against a server that fails.
@org.jspecify.annotations.NullMarked
package dev.mekiki.client;
