// Tells, for TestEnvironment, which environment variables a process asks for:
// each name on a line of the file that ASKED names.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <string.h>
#include <sys/uio.h>

typedef char *(*lookup)(const char *);

static char *ask(const char *function, const char *name) {
	static int file = -1;
	lookup real = (lookup)dlsym(RTLD_NEXT, function);
	if (file < 0) {
		char *path = real("ASKED");
		file = path ? open(path, O_WRONLY | O_CREAT | O_APPEND, 0600) : -1;
	}
	struct iovec line[] = {{(void *)name, strlen(name)}, {"\n", 1}};
	if (file >= 0)
		(void)!writev(file, line, 2);
	return real(name);
}

char *getenv(const char *name) { return ask("getenv", name); }
char *secure_getenv(const char *name) { return ask("secure_getenv", name); }
