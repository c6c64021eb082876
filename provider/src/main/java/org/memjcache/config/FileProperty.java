package org.memjcache.config;

/**
 * One property of a file.
 *
 * @param name decoded
 * @param value decoded
 * @param place file and line, for errors
 */
record FileProperty(String name, String value, String place) {}
