/** The connections to one server: how they are opened, lost and replaced. */
@NullMarked
package org.memjcache.internal.client.connection;

import org.jspecify.annotations.NullMarked;
