#!/usr/bin/env node
// The entry of the command line. It must parse on any Node, to say in one line which one is needed.
'use strict';
var childProcess = require('child_process');
var fs = require('fs');
var os = require('os');
var path = require('path');
var url = require('url');

function isNewEnough(version) {
  var parts = version.split('.').map(Number);
  return parts[0] > 22 || (parts[0] === 22 && parts[1] >= 18);
}

/**
 * Compiling the sources, and leaving out their types in a checkout, takes half a second: it is done once. In a folder of the
 * user's own and not the common one of the system, since whoever writes there decides what runs.
 */
function keepCompiled() {
  var enable = require('module').enableCompileCache;
  if (!enable) return;
  try {
    enable(
      inCheckout
        ? path.join(__dirname, '..', 'node_modules', '.cache', 'xpdb')
        : path.join(os.homedir(), '.cache', 'xpdb')
    );
  } catch (_) {
    // Nobody's home: it goes without.
  }
}

// In a checkout the TypeScript files run as they are; a package has them compiled.
var source = path.join(__dirname, '..', 'src', 'cli', 'main.ts');
var inCheckout = fs.existsSync(source);
var entry = inCheckout ? source : path.join(__dirname, '..', 'dist', 'cli', 'main.js');
var bundled = path.join(
  __dirname,
  '..',
  'node_modules',
  'node',
  'bin',
  process.platform === 'win32' ? 'node.exe' : 'node'
);

if (isNewEnough(process.versions.node)) {
  var emitWarning = process.emitWarning;
  process.emitWarning = function (warning, kind) {
    // node:sqlite calls itself experimental before Node 24.15; every other warning stays.
    if (
      (kind === 'ExperimentalWarning' || (kind && kind.type === 'ExperimentalWarning')) &&
      /SQLite/.test(String(warning))
    )
      return;
    return emitWarning.apply(process, arguments);
  };
  keepCompiled();
  // Hidden from the parser of old Nodes, to which import() is a syntax error.
  var load = new Function('specifier', 'return import(specifier)');
  load(url.pathToFileURL(entry).href).then(
    function (loaded) {
      return loaded.main(process.argv.slice(2)).then(function (code) {
        process.exitCode = code;
      });
    },
    function (error) {
      process.stderr.write('error: xpdb could not start: ' + error.message + '\n');
      process.exitCode = 1;
    }
  );
} else if (inCheckout && fs.existsSync(bundled)) {
  var child = childProcess.spawn(bundled, [__filename].concat(process.argv.slice(2)), { stdio: 'inherit' });
  // Whoever ends this process means the one that works. Ctrl-C reaches both from the terminal.
  ['SIGTERM', 'SIGHUP'].forEach(function (signal) {
    process.on(signal, function () {
      child.kill(signal);
    });
  });
  process.on('SIGINT', function () {
    if (!process.stdin.isTTY && !process.stdout.isTTY && !process.stderr.isTTY) child.kill('SIGINT');
  });
  child.on('error', function (error) {
    process.stderr.write('error: xpdb could not start: ' + error.message + '\n');
    process.exitCode = 1;
  });
  child.on('exit', function (code) {
    process.exitCode = code === null ? 1 : code;
  });
} else {
  process.stderr.write('error: xpdb needs Node 22.18 or newer; this is ' + process.versions.node + '\n');
  process.exitCode = 2;
}
