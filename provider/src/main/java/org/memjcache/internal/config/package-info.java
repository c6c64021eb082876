/**
 * What a manager is configured with: its URI, its {@link java.util.Properties}, a properties file,
 * and one vocabulary of options for all of them.
 *
 * <p>Everything wrong in a configuration is an {@link org.memjcache.InvalidConfigurationException}
 * whose text names the part, what came and what is expected. Nothing here connects to a server or
 * resolves a host name.
 *
 * <p>{@link Options} is the table of options of managers, {@link CacheOptions} that of settings of
 * caches; a new one is one line there.
 */
@NullMarked
package org.memjcache.internal.config;

import org.jspecify.annotations.NullMarked;
