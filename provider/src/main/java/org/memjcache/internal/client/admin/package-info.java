/** What is asked of a server on a connection of its own: key dumps and statistics. */
@NullMarked
package org.memjcache.internal.client.admin;

import org.jspecify.annotations.NullMarked;
