/**
 * Real memcached servers for tests.
 *
 * <ul>
 *   <li>{@link org.memjcache.testkit.MemcachedServer} and {@link
 *       org.memjcache.testkit.MemcachedCluster}: start, kill, pause and restart servers from plain
 *       code.
 *   <li>{@link org.memjcache.testkit.MemcachedExtension} and {@link
 *       org.memjcache.testkit.Memcached}: the same for JUnit Jupiter.
 *   <li>{@link org.memjcache.testkit.RecordingProxy}: stands between a client and a server, writes
 *       down what goes over the wire, and misbehaves when told to.
 *   <li>{@link org.memjcache.testkit.TestNameService} and {@link
 *       org.memjcache.testkit.ConfigurationEndpoint}: say which servers there are, for clients that
 *       look them up; what they say can be changed while the clients run.
 *   <li>{@link org.memjcache.testkit.TestAuthority}: issues certificates for servers that speak TLS
 *       and for their clients.
 * </ul>
 *
 * <h2>Where memcached comes from</h2>
 *
 * The first of these that is there is used, for the whole JVM, and said in one line on standard
 * error:
 *
 * <ol>
 *   <li>Running servers named by the environment variable {@code MEMJCACHE_TEST_SERVERS}, as {@code
 *       host:port,host:port}. <strong>Each is emptied with {@code flush_all} whenever it is handed
 *       out</strong>, so name only servers that may lose everything. They can't be killed, paused,
 *       restarted or given options: that throws {@link UnsupportedOperationException}. Asking for
 *       more servers than are listed and free throws {@link IllegalStateException}. Two JVMs must
 *       not name the same server at the same time.
 *   <li>An executable {@code memcached} on the {@code PATH}.
 *   <li>The Docker image {@code memcached:1.6-alpine}, if {@code org.testcontainers:testcontainers}
 *       is on the class path and a Docker engine answers within a second.
 *   <li>On Debian, Ubuntu and their relatives, the distribution's own packages, unpacked without
 *       root into {@code $XDG_CACHE_HOME/memjcache} (or {@code ~/.cache/memjcache}) and used from
 *       there the next time.
 * </ol>
 *
 * If none of them works, starting a server throws {@link IllegalStateException} with the reason for
 * each.
 *
 * <p>Servers listen on 127.0.0.1 only, on a free port of their own, unless told otherwise, without
 * UDP, and don't outlive the JVM that started them, even if it is killed.
 *
 * <p>Only this package is the test kit's API. The packages below it may change at any time.
 */
@NullMarked
package org.memjcache.testkit;

import org.jspecify.annotations.NullMarked;
