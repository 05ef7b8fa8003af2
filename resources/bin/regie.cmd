@echo off
rem Regie's command line, run by the installed application's own program as a node.
setlocal
set ELECTRON_RUN_AS_NODE=1
"%~dp0..\..\Regie.exe" "%~dp0..\app.asar\dist\main\cli.js" %*
