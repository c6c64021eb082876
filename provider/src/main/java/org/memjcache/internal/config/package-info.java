/**
 * What a manager is configured with. The road from its URI to {@link ManagerSettings}:
 *
 * <ol>
 *   <li>{@link ParsedUri} takes the URI apart, {@link PropertiesFile} reads the file that it may
 *       name.
 *   <li>Each place (URI, properties, system properties, variables, file) gives a list of {@link
 *       SuppliedOption}s; {@link Environment} reads those besides URI and file.
 *   <li>{@link ResolvedOptions} checks all of them and decides which place wins.
 *   <li>{@link ManagerSettings} makes values of them; {@link NamedCaches} keeps those for caches.
 *   <li>{@link SharedSettings} skips all that for tenants that differ in their path only.
 * </ol>
 *
 * <p>{@link Options} is the table of all options: a new one is one entry there, a place for its
 * value ({@link ManagerSettings}, or {@link CacheDefaults} and {@link
 * org.memjcache.MemcachedConfiguration}), and one row in docs/configuration.md. Everything wrong in
 * a configuration is an {@link org.memjcache.InvalidConfigurationException} whose text names the
 * part, what came and what was expected. Nothing here connects to a server or resolves a host name.
 */
@NullMarked
package org.memjcache.internal.config;

import org.jspecify.annotations.NullMarked;
