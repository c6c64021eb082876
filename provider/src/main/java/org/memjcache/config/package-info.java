/**
 * What a manager is configured with: its URI, its {@link java.util.Properties}, a properties file
 * and its surroundings, and one vocabulary of options for all of them.
 *
 * <p>Everything wrong in a configuration is an {@link
 * org.memjcache.config.InvalidConfigurationException} whose text names the part, what came and what
 * is accepted. Nothing here connects to a server or resolves a host name.
 *
 * <p>{@code Options} is the table of managers' options, {@code CacheOptions} that of caches'
 * settings; a new one is one line there. Tests then ask for its row in docs/configuration.md, and
 * for samples of its values.
 */
@NullMarked
package org.memjcache.config;

import org.jspecify.annotations.NullMarked;
