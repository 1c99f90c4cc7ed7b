// A kernel that knows one answer: the least that a kernel over ZeroMQ can do for a request.
//
// It reads the ports of a connection file, answers every kernel_info_request with a canned reply and
// every execute_request with canned busy, execute_input, execute_result, reply and idle. It neither
// reads JSON nor signs or verifies: the signature frame of what it sends is empty, and the request's header
// frame is passed on as parent header. One thread does it all.
//
//     cc -O2 -o canned_kernel canned_kernel.c -lzmq
//     ./canned_kernel CONNECTION_FILE
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zmq.h>

enum { MAX_FRAMES = 16 };

static const char DELIMITER[] = "<IDS|MSG>";

struct message {
  zmq_msg_t frames[MAX_FRAMES];
  int count;
};

// The number after "name": in a JSON text, or an error.
static int port_named(const char *json, const char *name) {
  char key[64];
  snprintf(key, sizeof key, "\"%s\"", name);
  const char *found = strstr(json, key);
  if (found == NULL || (found = strchr(found, ':')) == NULL) {
    fprintf(stderr, "no %s in the connection file\n", name);
    exit(1);
  }
  return atoi(found + 1);
}

static void *bound_socket(void *context, int type, int port) {
  void *socket = zmq_socket(context, type);
  char address[64];
  snprintf(address, sizeof address, "tcp://127.0.0.1:%d", port);
  if (socket == NULL || zmq_bind(socket, address) != 0) {
    fprintf(stderr, "cannot bind %s: %s\n", address, zmq_strerror(zmq_errno()));
    exit(1);
  }
  return socket;
}

static void receive(void *socket, struct message *message) {
  message->count = 0;
  do {
    zmq_msg_t *frame = &message->frames[message->count];
    zmq_msg_init(frame);
    if (zmq_msg_recv(frame, socket, 0) < 0) exit(0);
    message->count++;
  } while (message->count < MAX_FRAMES && zmq_msg_more(&message->frames[message->count - 1]));
}

static void discard(struct message *message) {
  for (int i = 0; i < message->count; i++) zmq_msg_close(&message->frames[i]);
}

static void send_text(void *socket, const char *text, int flags) {
  zmq_send(socket, text, strlen(text), flags);
}

// The frames after the identities, with the header of `request` as parent header.
static void send_canned(
    void *socket, const char *type, const char *content, zmq_msg_t *request_header) {
  char header[256];
  snprintf(
      header, sizeof header,
      "{\"msg_id\":\"canned\",\"session\":\"canned\",\"username\":\"canned\","
      "\"date\":\"2026-01-01T00:00:00.000000Z\",\"msg_type\":\"%s\",\"version\":\"5.5\"}",
      type);
  send_text(socket, DELIMITER, ZMQ_SNDMORE);
  send_text(socket, "", ZMQ_SNDMORE);
  send_text(socket, header, ZMQ_SNDMORE);
  zmq_send(socket, zmq_msg_data(request_header), zmq_msg_size(request_header), ZMQ_SNDMORE);
  send_text(socket, "{}", ZMQ_SNDMORE);
  send_text(socket, content, 0);
}

static void publish(void *iopub, const char *type, const char *content, zmq_msg_t *header) {
  send_text(iopub, type, ZMQ_SNDMORE);
  send_canned(iopub, type, content, header);
}

static void reply(
    void *shell, struct message *request, int delimiter, const char *type, const char *content) {
  for (int i = 0; i < delimiter; i++) {
    zmq_msg_t *identity = &request->frames[i];
    zmq_send(shell, zmq_msg_data(identity), zmq_msg_size(identity), ZMQ_SNDMORE);
  }
  send_canned(shell, type, content, &request->frames[delimiter + 2]);
}

static int contains(zmq_msg_t *frame, const char *text) {
  return memmem(zmq_msg_data(frame), zmq_msg_size(frame), text, strlen(text)) != NULL;
}

static void answer(void *shell, void *iopub, struct message *request) {
  int delimiter = 0;
  while (delimiter < request->count && !contains(&request->frames[delimiter], DELIMITER)) delimiter++;
  if (delimiter + 5 >= request->count) return;
  zmq_msg_t *header = &request->frames[delimiter + 2];
  publish(iopub, "status", "{\"execution_state\":\"busy\"}", header);
  if (contains(header, "execute_request")) {
    publish(iopub, "execute_input", "{\"code\":\"1+1\",\"execution_count\":1}", header);
    publish(
        iopub, "execute_result",
        "{\"execution_count\":1,\"data\":{\"text/plain\":\"2\"},\"metadata\":{}}", header);
    reply(
        shell, request, delimiter, "execute_reply",
        "{\"status\":\"ok\",\"execution_count\":1,\"user_expressions\":{},\"payload\":[]}");
  } else {
    reply(shell, request, delimiter, "kernel_info_reply", "{\"status\":\"ok\"}");
  }
  publish(iopub, "status", "{\"execution_state\":\"idle\"}", header);
}

int main(int argc, char **argv) {
  char json[4096] = "";
  FILE *file = argc > 1 ? fopen(argv[1], "r") : NULL;
  if (file == NULL || fread(json, 1, sizeof json - 1, file) == 0) {
    fprintf(stderr, "usage: canned_kernel CONNECTION_FILE\n");
    return 1;
  }
  fclose(file);
  void *context = zmq_ctx_new();
  void *shell = bound_socket(context, ZMQ_ROUTER, port_named(json, "shell_port"));
  void *iopub = bound_socket(context, ZMQ_PUB, port_named(json, "iopub_port"));
  bound_socket(context, ZMQ_ROUTER, port_named(json, "control_port"));
  bound_socket(context, ZMQ_ROUTER, port_named(json, "stdin_port"));
  bound_socket(context, ZMQ_ROUTER, port_named(json, "hb_port"));
  for (;;) {
    struct message request;
    receive(shell, &request);
    answer(shell, iopub, &request);
    discard(&request);
  }
}
